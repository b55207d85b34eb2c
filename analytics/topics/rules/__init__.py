"""Pure rules: which questions belong together, and what sets them apart. No Django here."""
