"""State, Plan, Report -> text and JSON: what is shown and saved."""
