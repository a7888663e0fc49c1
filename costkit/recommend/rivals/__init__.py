"""What other tools would recommend, by their own rules: the back-test sets costkit's record beside theirs."""
