"""A new namespace is the same on every host."""

from __future__ import annotations

from pathlib import Path

import pytest

from topo.kernel.linux import baseline, namespaces, sysctls


def test_only_what_differs_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that routes, filters by reverse path and was told of no redirects; and a bridge that calls iptables."""
    says = {
        "net/ipv4/conf/all/forwarding": "1",
        "net/ipv4/conf/all/rp_filter": "0",
        "net/ipv4/conf/all/mc_forwarding": "1",
        "net/ipv4/conf/default/forwarding": "1",
        "net/ipv4/conf/default/rp_filter": "2",
        "net/ipv4/conf/default/accept_redirects": "0",
        "net/ipv4/conf/default/accept_source_route": "1",
        "net/bridge/bridge-nf-call-iptables": "1",
    }
    for name, value in says.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"{value}\n")
    monkeypatch.setattr(baseline, "_SYS", f"{tmp_path}/")
    baseline.forget()
    found = {str(Path(path).relative_to(tmp_path)): value.decode() for path, value in baseline.differences(bridges=True)}
    assert "net/bridge" not in str(baseline.differences(bridges=False))
    baseline.forget()
    assert found == {
        "net/ipv4/conf/all/forwarding": "0",
        "net/ipv4/conf/default/forwarding": "0",
        "net/ipv4/conf/default/rp_filter": "0",
        "net/ipv4/conf/default/accept_redirects": "1",
        "net/bridge/bridge-nf-call-iptables": "0",
    }


@pytest.mark.live
def test_a_fresh_namespace_has_it() -> None:
    with namespaces.fresh():
        assert sysctls.read("net.ipv4.conf.default.forwarding") == "0"
        baseline.forget()
        assert baseline.differences(bridges=False) == ()
    baseline.forget()
