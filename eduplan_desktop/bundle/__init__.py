"""The sealed, signed envelope and its four kinds: kit, enrolment, submission, receipt. Knows no store."""
