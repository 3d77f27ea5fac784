"""The sealed, signed envelope and its four kinds: kit, enrolment, submission, receipt (docs/format.md). Knows no store, no SQL.

Every refusal is a `BundleError` whose code is one of docs/format.md §9; `words.explain(code)` gives its two sentences. Faults of
the disk are `WorldError` (`missing not_writable no_space stick_failed`). Keys are raw bytes for Ed25519, `age1…` for sealing.

signing      SigningKey(seed32): .public .seed .sign(bytes); hand_on(old, new_public, county) -> Succession;
             follow(pinned, chain, county) -> keys reached; write/read_public_key, write/read_signature (minisign texts)
fingerprints fingerprint(purpose, *raw_keys); parse_fingerprint(typed); same_fingerprint(typed, purpose, *raw_keys)
sealing      SealKey(raw32) | SealKey.from_text: .public 'age1…' .raw_public .raw .text; read_recipient('age1…') -> raw;
             seal(data, recipients), unseal(data, keys), seal_stream, open_stream
sheets       records_sheet(county, signing_seed, recovery_raw), health_sheet(county, raw) -> Sheet(.lines, .text);
             parse_sheet(text) -> Sheet; parse_sheets(text) -> [Sheet]
kit          CountyIdentity RosterEntry CalendarItem PolicyValue KitCatalog KitContent Kit KitPreview
             make_kit(key, content, made, program) -> Outgoing; preview_kit(path) -> KitPreview
             read_kit(path, *, typed=... | pinned=..., county=..., version=0, trust=0) -> Kit
trust        TrustEntry TrustList; rules for Envelope.trusted: submission_rule county_rule typed_rule purpose_rule
enrolment    EnrolmentRequest; make_enrolment(key, request, county, recipients, made, program) -> Outgoing
             read_enrolment(path, county, keys, county_fingerprints) -> PendingEnrolment: .claimed, .approve(typed) -> request
package      Sender(county, school, file); cells(fields, value_rows) / cells_of_dicts(fields, dicts) -> rows of texts
             seal_slice(sender, register, slice, SliceContent(rows, results, gone, explained, photos), recipients) -> SealedPart
             seal_personal(…rows…), seal_counts(…(due, done, not_done)…), seal_health(…HealthContent…), seal_photos(…Photo…)
             SealedPart: .read() bytes to keep, SealedPart.from_bytes(holds, compartment, rows, data) to use them later
submission   make_submission(key, sender, SubmissionHead, parts, made, program) -> Outgoing; SliceState: carried(version),
             as_before(n), NOT_REPORTED_STATE; Answer(item, zero)
             verify_submission(path, trust_list, county) -> Submission(.head .school .number .digest .entry; believed and whole)
             .open_slice(slice, keys, compartment="") -> Part (per slice: cannot_open, wrong_context, too_large); .open_photos(keys)
             reopen_submission(path, digest) -> Submission, one already filed
unpack       check_version(register, version); open_table / sealed_table(part, register, …, version) -> DeclaredTable
             (.fields .unknown .absent .batches()); consent_table results gone explained photo_list counts groups photos
receipt      ReceiptContent BundleAnswer SliceAnswer ItemAnswer Remark Review; make_receipt(…) -> Outgoing
             read_receipt(path, keys, *, pinned, county, school, file, number=0) -> Receipt
envelope     open_envelope(path) -> Envelope (signature verified, nobody believed yet: .manifest .signer .digest .check_digests());
             Envelope.trusted(rule) -> Trusted, the only thing that opens parts
outgoing     Outgoing: .digest .manifest .length .pieces() .close()
stick        write_envelope(outgoing, folder, name) -> Path (never a half file); copy_file; submission_name kit_name
             enrolment_name receipt_name safe_name; find_envelopes(places, *purposes) -> [Found(path, purpose, size)]
volumes      volumes() -> [Volume(path, label, removable, network, free, total, writable, device)]
eject        eject(folder) -> Ejected(state, label, message), never ejected where it is still mounted; stick_of(folder)
"""
