"""Tables of schema 1, written by hand; a test proves the registers' tables equal to what the declarations imply.

Columns are described in docs/architecture.md. Every table is STRICT; the larger ones that are always read by key keep
their rows in the key (WITHOUT ROWID). Open fields may be NULL: a half-filled record is stored and found wanting by `check`.
"""

from typing import Final

SYSTEM: Final = """
CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE act (
    seq INTEGER PRIMARY KEY, name TEXT NOT NULL, label TEXT NOT NULL, who TEXT NOT NULL, made TEXT NOT NULL, undoes INTEGER,
    detail TEXT NOT NULL, digest TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE TABLE change (
    act INTEGER NOT NULL, n INTEGER NOT NULL, register TEXT NOT NULL, school TEXT NOT NULL, id TEXT NOT NULL,
    part TEXT NOT NULL, before TEXT, after TEXT, PRIMARY KEY (act, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_by_row ON change (id, register, school);
CREATE TABLE change_block (
    act INTEGER NOT NULL, n INTEGER NOT NULL, register TEXT NOT NULL, school TEXT NOT NULL, low TEXT NOT NULL,
    high TEXT NOT NULL, rows INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (act, n)
) STRICT;
CREATE INDEX change_block_by_register ON change_block (register, school, low, high);
CREATE TABLE gone (
    register TEXT NOT NULL, school TEXT NOT NULL, id TEXT NOT NULL, year INTEGER, reason TEXT NOT NULL, act INTEGER NOT NULL,
    PRIMARY KEY (register, school, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE compartment (name TEXT NOT NULL PRIMARY KEY, id TEXT NOT NULL, made TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE slot (
    n INTEGER PRIMARY KEY, compartment TEXT NOT NULL REFERENCES compartment (name), kind TEXT NOT NULL, salt BLOB NOT NULL,
    memory_kib INTEGER NOT NULL, iterations INTEGER NOT NULL, lanes INTEGER NOT NULL, wrapped BLOB NOT NULL, made TEXT NOT NULL
) STRICT;
CREATE TABLE secret (
    compartment TEXT NOT NULL REFERENCES compartment (name), name TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (compartment, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE person_key (
    compartment TEXT NOT NULL REFERENCES compartment (name), school TEXT NOT NULL, person TEXT NOT NULL,
    wrapped BLOB NOT NULL, match BLOB, PRIMARY KEY (compartment, school, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_key_by_match ON person_key (compartment, match) WHERE match IS NOT NULL;
CREATE TABLE sealed (
    register TEXT NOT NULL, school TEXT NOT NULL, id TEXT NOT NULL, compartment TEXT NOT NULL, person TEXT NOT NULL,
    blob BLOB NOT NULL, mac BLOB NOT NULL, PRIMARY KEY (register, school, id, compartment),
    FOREIGN KEY (compartment, school, person) REFERENCES person_key (compartment, school, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX sealed_by_person ON sealed (compartment, school, person);
CREATE TABLE draft (
    register TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, sealed TEXT NOT NULL, made TEXT NOT NULL,
    PRIMARY KEY (register, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE attachment (
    register TEXT NOT NULL, school TEXT NOT NULL, id TEXT NOT NULL, n INTEGER NOT NULL, sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL, PRIMARY KEY (register, school, id, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_by_body ON attachment (sha256);
CREATE TABLE finding (
    register TEXT NOT NULL, id TEXT NOT NULL, field TEXT NOT NULL, code TEXT NOT NULL, severity TEXT NOT NULL,
    params TEXT NOT NULL, PRIMARY KEY (register, id, field, code)
) STRICT;
CREATE TABLE explanation (key TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL, act INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE catalog_set (name TEXT NOT NULL PRIMARY KEY, meta TEXT NOT NULL, entries TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE calendar_item (
    id TEXT NOT NULL PRIMARY KEY, title TEXT NOT NULL, period TEXT NOT NULL, due TEXT NOT NULL, slices TEXT NOT NULL,
    required TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE policy (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL, source TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE submission (
    sequence INTEGER PRIMARY KEY, digest TEXT NOT NULL, made TEXT NOT NULL, file_name TEXT NOT NULL, answers TEXT NOT NULL,
    slices TEXT NOT NULL, status TEXT NOT NULL, code TEXT NOT NULL, receipt INTEGER
) STRICT;
CREATE TABLE slice_mark (
    slice TEXT NOT NULL PRIMARY KEY, sequence INTEGER NOT NULL, content TEXT NOT NULL, merged INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE prepared (
    slice TEXT NOT NULL, compartment TEXT NOT NULL, act INTEGER NOT NULL, recipients TEXT NOT NULL, content TEXT NOT NULL,
    body BLOB NOT NULL, made TEXT NOT NULL, PRIMARY KEY (slice, compartment)
) STRICT;
CREATE TABLE item_state (
    item TEXT NOT NULL PRIMARY KEY, state TEXT NOT NULL, zero INTEGER NOT NULL, late INTEGER NOT NULL, remark TEXT NOT NULL,
    receipt INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE remark (
    n INTEGER PRIMARY KEY, item TEXT NOT NULL, register TEXT NOT NULL, id TEXT NOT NULL, field TEXT NOT NULL,
    text TEXT NOT NULL, done INTEGER NOT NULL
) STRICT;
CREATE TABLE photo_held (school TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (school, sha256)) STRICT, WITHOUT ROWID;
CREATE TABLE roster (
    uid TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, code TEXT, aliases TEXT, kind TEXT, urban TEXT, township TEXT,
    level TEXT, valid_from TEXT, valid_to TEXT, successor TEXT, remark TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE trust (
    school TEXT NOT NULL, file TEXT NOT NULL, generation INTEGER NOT NULL, sign TEXT NOT NULL, seal TEXT NOT NULL,
    fingerprint TEXT NOT NULL, approved TEXT NOT NULL, retired_from INTEGER, revoked_from INTEGER,
    PRIMARY KEY (school, file, generation)
) STRICT, WITHOUT ROWID;
CREATE TABLE enrolment (
    digest TEXT NOT NULL PRIMARY KEY, school TEXT NOT NULL, file TEXT NOT NULL, name TEXT NOT NULL, sign TEXT NOT NULL,
    seal TEXT NOT NULL, fingerprint TEXT NOT NULL, body BLOB NOT NULL, state TEXT NOT NULL
) STRICT;
CREATE TABLE filed (
    digest TEXT NOT NULL PRIMARY KEY, school TEXT NOT NULL, file TEXT NOT NULL, generation INTEGER NOT NULL,
    number INTEGER NOT NULL, signer TEXT NOT NULL, status TEXT NOT NULL, code TEXT NOT NULL, intake TEXT NOT NULL,
    made TEXT NOT NULL, name TEXT NOT NULL, bytes INTEGER NOT NULL, answers TEXT NOT NULL, slices TEXT NOT NULL,
    result TEXT NOT NULL, counted INTEGER NOT NULL, act INTEGER NOT NULL
) STRICT;
CREATE INDEX filed_by_number ON filed (school, generation, number);
CREATE TABLE chain (
    file TEXT NOT NULL, position INTEGER NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (file, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE slice_state (
    school TEXT NOT NULL, slice TEXT NOT NULL, digest TEXT NOT NULL, file TEXT NOT NULL, generation INTEGER NOT NULL,
    number INTEGER NOT NULL, rows INTEGER NOT NULL, PRIMARY KEY (school, slice)
) STRICT, WITHOUT ROWID;
CREATE TABLE quarantine (
    school TEXT NOT NULL, slice TEXT NOT NULL, id TEXT NOT NULL, register TEXT NOT NULL, field TEXT NOT NULL,
    code TEXT NOT NULL, body TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (school, slice, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE checkup_counts (
    school TEXT NOT NULL, year INTEGER NOT NULL, due INTEGER NOT NULL, done INTEGER NOT NULL, not_done INTEGER NOT NULL,
    digest TEXT NOT NULL, PRIMARY KEY (school, year)
) STRICT, WITHOUT ROWID;
CREATE TABLE item_mark (
    school TEXT NOT NULL, item TEXT NOT NULL, state TEXT NOT NULL, remark TEXT NOT NULL, digest TEXT NOT NULL,
    moment TEXT NOT NULL, act INTEGER NOT NULL, PRIMARY KEY (school, item)
) STRICT, WITHOUT ROWID;
CREATE TABLE item_remark (
    n INTEGER PRIMARY KEY, school TEXT NOT NULL, item TEXT NOT NULL, register TEXT NOT NULL, id TEXT NOT NULL,
    field TEXT NOT NULL, text TEXT NOT NULL, act INTEGER NOT NULL
) STRICT;
CREATE TABLE review (
    school TEXT NOT NULL, id TEXT NOT NULL, result TEXT NOT NULL, by TEXT NOT NULL, date TEXT NOT NULL, text TEXT NOT NULL,
    act INTEGER NOT NULL, PRIMARY KEY (school, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE receipt_out (
    school TEXT NOT NULL, number INTEGER NOT NULL, digest TEXT NOT NULL, made TEXT NOT NULL, PRIMARY KEY (school, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE year_close (
    year INTEGER NOT NULL, n INTEGER NOT NULL, state TEXT NOT NULL, rules TEXT NOT NULL, figures TEXT NOT NULL,
    digests TEXT NOT NULL, moment TEXT NOT NULL, reason TEXT NOT NULL, act INTEGER NOT NULL, PRIMARY KEY (year, n)
) STRICT;
CREATE TABLE note (
    n INTEGER PRIMARY KEY, school TEXT NOT NULL, item TEXT NOT NULL, date TEXT NOT NULL, text TEXT NOT NULL,
    act INTEGER NOT NULL
) STRICT;
"""

REGISTERS: Final = """
CREATE TABLE school (
    school TEXT NOT NULL, id TEXT NOT NULL, name TEXT, code TEXT, old_code TEXT, school_type TEXT, area_type TEXT,
    sponsor TEXT, township TEXT, address TEXT, credit_code TEXT, founded TEXT, principal TEXT, office_phone TEXT,
    asset_keeper TEXT, safety_officer TEXT, health_officer TEXT, boarding INTEGER, canteen INTEGER,
    school_bus INTEGER, gates INTEGER, built_by_2010 INTEGER, built_by_2016 INTEGER, dense_centre INTEGER,
    remark TEXT, search TEXT NOT NULL, act INTEGER NOT NULL, PRIMARY KEY (school, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE school_year (
    school TEXT NOT NULL, id TEXT NOT NULL, year INTEGER NOT NULL, stat_year INTEGER, level TEXT, pupils INTEGER,
    pupils_boarding INTEGER, pupils_migrant INTEGER, pupils_in_district INTEGER, classes INTEGER,
    classes_to_25 INTEGER, classes_26_30 INTEGER, classes_31_35 INTEGER, classes_36_40 INTEGER, classes_41_45 INTEGER,
    classes_46_50 INTEGER, classes_51_55 INTEGER, classes_56_60 INTEGER, classes_61_65 INTEGER,
    classes_from_66 INTEGER, all_classes_under_30 INTEGER, staff_total INTEGER, teachers INTEGER,
    teachers_college INTEGER, teachers_bachelor INTEGER, teachers_master INTEGER, teachers_doctor INTEGER,
    teachers_above_required INTEGER, teachers_middle_title INTEGER, teachers_backbone INTEGER,
    teachers_certified INTEGER, teachers_360_hours INTEGER, teachers_sport INTEGER, teachers_music INTEGER,
    teachers_fine_art INTEGER, teachers_art INTEGER, visiting_sport_art INTEGER, area_teaching INTEGER,
    area_indoor_sport INTEGER, area_gym INTEGER, area_field INTEGER, area_field_converted INTEGER,
    area_field_leased INTEGER, equipment_value INTEGER, computers INTEGER, books INTEGER, multimedia_rooms INTEGER,
    music_rooms_96 INTEGER, music_rooms_73 INTEGER, music_rooms_61 INTEGER, music_rooms_54 INTEGER,
    art_rooms_90 INTEGER, art_rooms_67 INTEGER, art_rooms_61 INTEGER, art_rooms_54 INTEGER, public_budget INTEGER,
    public_spent INTEGER, training_budget INTEGER, entered INTEGER, graduates INTEGER, moved_in INTEGER,
    moved_out INTEGER, died INTEGER, remark TEXT, search TEXT NOT NULL, act INTEGER NOT NULL, PRIMARY KEY (school, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE room (
    school TEXT NOT NULL, id TEXT NOT NULL, name TEXT, room_no TEXT, building TEXT, floor INTEGER, room_type TEXT,
    level TEXT, area INTEGER, seats INTEGER, multimedia INTEGER, state TEXT, keeper TEXT, built TEXT, remark TEXT,
    search TEXT NOT NULL, act INTEGER NOT NULL, PRIMARY KEY (school, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE staff (
    school TEXT NOT NULL, id TEXT NOT NULL, name TEXT, sex TEXT, birth TEXT, staff_no TEXT, category TEXT, post TEXT,
    duty TEXT, establishment TEXT, home_school TEXT, teaching_school TEXT, level TEXT, subject TEXT,
    other_subject TEXT, work_since TEXT, teach_since TEXT, here_since TEXT, education TEXT, degree TEXT, major TEXT,
    title TEXT, title_date TEXT, backbone TEXT, backbone_date TEXT, certified INTEGER, hours_5y INTEGER, state TEXT,
    state_date TEXT, transfer_no TEXT, other_school TEXT, rotation INTEGER, remark TEXT, search TEXT NOT NULL,
    act INTEGER NOT NULL, PRIMARY KEY (school, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE equipment (
    school TEXT NOT NULL, id TEXT NOT NULL, asset_no TEXT, name TEXT, class_code TEXT, item TEXT, instrument_no TEXT,
    spec TEXT, brand TEXT, serial TEXT, asset_kind TEXT, acquired TEXT, fund TEXT, purchase_form TEXT, bought TEXT,
    used_since TEXT, supplier TEXT, voucher TEXT, unit TEXT, quantity INTEGER, price INTEGER, original_value INTEGER,
    life_years INTEGER, depreciation TEXT, depreciated INTEGER, net_value INTEGER, room TEXT, place TEXT,
    department TEXT, keeper TEXT, use_state TEXT, use_for TEXT, teaching INTEGER, warranty_until TEXT, remark TEXT,
    search TEXT NOT NULL, act INTEGER NOT NULL, PRIMARY KEY (school, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE equipment_change (
    school TEXT NOT NULL, id TEXT NOT NULL, equipment TEXT, change TEXT, change_date TEXT, order_no TEXT,
    quantity INTEGER, handler TEXT, approver TEXT, approval_no TEXT, from_room TEXT, to_room TEXT, from_keeper TEXT,
    to_keeper TEXT, direction TEXT, other_school TEXT, book_quantity INTEGER, counted_quantity INTEGER, outcome TEXT,
    counters TEXT, cost INTEGER, proceeds INTEGER, value_change INTEGER, state_after TEXT, opinion TEXT, remark TEXT,
    search TEXT NOT NULL, act INTEGER NOT NULL, PRIMARY KEY (school, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE safety_check (
    school TEXT NOT NULL, id TEXT NOT NULL, year INTEGER NOT NULL, check_date TEXT, weather TEXT, inspector TEXT,
    leader TEXT, results TEXT, remark TEXT, search TEXT NOT NULL, act INTEGER NOT NULL, PRIMARY KEY (school, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE hazard (
    school TEXT NOT NULL, id TEXT NOT NULL, year INTEGER NOT NULL, number TEXT, found TEXT, found_by_way TEXT,
    finder TEXT, category TEXT, room TEXT, place TEXT, description TEXT, from_check TEXT, check_item TEXT,
    previous TEXT, level TEXT, level_by TEXT, reported TEXT, state TEXT, measures TEXT, department TEXT, person TEXT,
    cost INTEGER, due TEXT, protection TEXT, fixed TEXT, rechecker TEXT, rechecked TEXT, recheck TEXT, closer TEXT,
    closed TEXT, county_result TEXT, county_by TEXT, county_date TEXT, remark TEXT, search TEXT NOT NULL,
    act INTEGER NOT NULL, PRIMARY KEY (school, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE drill (
    school TEXT NOT NULL, id TEXT NOT NULL, year INTEGER NOT NULL, drill_date TEXT, drill_type TEXT, plan TEXT,
    weather TEXT, started TEXT, commander TEXT, pupils INTEGER, adults INTEGER, seconds INTEGER, problems TEXT,
    improvement TEXT, remark TEXT, search TEXT NOT NULL, act INTEGER NOT NULL, PRIMARY KEY (school, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE health_consent (
    school TEXT NOT NULL, id TEXT NOT NULL, person TEXT, notice TEXT, scope TEXT, names_county INTEGER, signed TEXT,
    on_paper INTEGER, recorded_by TEXT, withdrawn TEXT, remark TEXT, search TEXT NOT NULL, act INTEGER NOT NULL,
    PRIMARY KEY (school, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE checkup (
    school TEXT NOT NULL, id TEXT NOT NULL, year INTEGER NOT NULL, stat_year INTEGER, person TEXT, state TEXT,
    search TEXT NOT NULL, act INTEGER NOT NULL, PRIMARY KEY (school, id)
) STRICT, WITHOUT ROWID;
"""
