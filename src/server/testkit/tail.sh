# ---------------------------------------------------------------------------------------------------------------------

printf '# %s\n' "$BASE"
server_section
errors_section
estimate_section
demo_section
jobs_section
sessions_section
l402_section
bootstrap_section
identity_section

finish
