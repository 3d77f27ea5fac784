"""Photos: scaled, upright, without metadata, small enough, at most six; any bytes in, never a crash (invariant 5)."""

import io
import random
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from eduplan_desktop.errors import RefusedError
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.store import attachments, journal, photo, rows
from eduplan_desktop.store.connect import Store
from eduplan_desktop.store.journal import act
from tests.core.store_tools import content, new_file

ROOM = register("room")
WHERE = "GPSCANARY"


def picture(width: int, height: int, kind: str = "JPEG", noise: bool = False, **options: object) -> bytes:
    """A picture: left half red, right half blue, or noise."""
    image = (
        Image.effect_noise((width, height), 90).convert("RGB") if noise else Image.new("RGB", (width, height), "blue")
    )
    if not noise:
        ImageDraw.Draw(image).rectangle((0, 0, width // 2, height), fill="red")
    out = io.BytesIO()
    image.save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()


def with_exif(orientation: int) -> bytes:
    """A landscape picture whose camera was held otherwise, with a place and a maker in its metadata."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = WHERE
    exif[0x8825] = {1: "N", 2: (25.0, 2.0, 11.0)}
    return picture(800, 400, exif=exif.tobytes(), comment=WHERE.encode())


def read(body: bytes) -> Image.Image:
    """A kept photo."""
    image = Image.open(io.BytesIO(body))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "GIF"])
def test_every_usual_kind_becomes_a_small_jpeg(kind: str) -> None:
    body = photo.encode(picture(2000, 1000, kind))
    image = read(body)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (1280, 640))
    assert len(body) <= photo.MOST_BYTES


@pytest.mark.parametrize("size", [(1300, 1000), (9000, 60)])
def test_the_hardest_picture_fits(size: tuple[int, int]) -> None:
    body = photo.encode(picture(*size, noise=True))
    assert len(body) <= 150 * 1024
    assert max(read(body).size) <= 1280


def test_a_small_picture_is_not_blown_up() -> None:
    assert read(photo.encode(picture(60, 40))).size == (60, 40)
    assert read(photo.encode(picture(1, 1))).size == (1, 1)


@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [(1, (800, 400), (10, 10)), (3, (800, 400), (790, 10)), (6, (400, 800), (10, 10)), (8, (400, 800), (10, 790))],
)
def test_photos_stand_upright_and_carry_no_metadata(
    orientation: int, size: tuple[int, int], red: tuple[int, int]
) -> None:
    body = photo.encode(with_exif(orientation))
    image = read(body)
    assert image.size == size
    pixel = image.getpixel(red)
    assert isinstance(pixel, tuple)
    assert pixel[0] > 200 > pixel[2]
    assert WHERE.encode() not in body
    assert not image.getexif()
    assert not {"exif", "icc_profile", "comment"} & set(image.info)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "CMYK", "I;16"])
def test_every_mode_of_colour(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (50, 30)).save(out, "TIFF" if mode == "CMYK" else "PNG")
    if mode == "CMYK":
        out = io.BytesIO()
        Image.new(mode, (50, 30)).save(out, "JPEG")
    assert read(photo.encode(out.getvalue())).mode == "RGB"


def test_transparent_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    assert read(photo.encode(out.getvalue())).getpixel((5, 5)) == (255, 255, 255)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    width = height = 30_000
    ihdr = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"

    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")

    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", ihdr)
        + chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(RefusedError) as caught:
        photo.encode(bomb)
    assert caught.value.code == "photo_too_large"
    with pytest.raises(RefusedError) as long:
        photo.encode(bytes(65 << 20))
    assert long.value.code == "photo_too_large"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xd8\xff",
        b"GIF89a",
        b"%PDF-1.4",
        random.Random(5).randbytes(5000),
        picture(400, 300)[:900],
        picture(90, 90, "PNG")[:200],
    ],
    ids=["empty", "start", "gif", "pdf", "noise", "cut jpeg", "cut png"],
)
def test_what_is_no_photo_is_refused(body: bytes) -> None:
    with pytest.raises(RefusedError) as caught:
        photo.encode(body)
    assert caught.value.code == "photo_unreadable"
    assert caught.value.advice


def test_any_bytes_are_kept_or_refused() -> None:
    dice = random.Random(5)
    for kind in ("JPEG", "PNG", "WEBP", "BMP", "GIF"):
        whole = picture(120, 90, kind)
        for _ in range(60):
            body = bytearray(whole)
            for _ in range(dice.choice((1, 3, 30))):
                body[dice.randrange(len(body))] = dice.randrange(256)
            try:
                assert len(photo.encode(bytes(body))) <= photo.MOST_BYTES
            except RefusedError as error:
                assert error.code in ("photo_unreadable", "photo_too_large")  # noqa: PT017


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as caught:
        photo.encode(tmp_path / "no.jpg")
    assert caught.value.code == "photo_unreadable"


def add(store: Store, body: bytes, row: str = "a") -> str:
    """Add a photo in an act of its own."""
    with act(store, "photo.add", "添加照片") as a:
        return attachments.add_photo(a, ROOM, row, body)


def test_photos_of_a_record(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        source = tmp_path / "手机.jpg"
        source.write_bytes(picture(300, 200))
        with act(store, "photo.add", "添加照片") as a:
            rows.save(a, ROOM, {"id": "a", "name": "101"})
            first = attachments.add_photo(a, ROOM, "a", source)
        second = add(store, picture(301, 200))
        assert add(store, picture(301, 200)) == second  # the same photo twice stays one
        found = attachments.photos(store, ROOM, "a")
        assert [(p.n, p.sha256) for p in found] == [(1, first), (2, second)]
        for one in found:
            path = attachments.photo_path(store, one.sha256)
            assert path is not None
            assert path.stat().st_size == one.bytes
        for i in range(4):
            add(store, picture(310 + i, 200))
        with pytest.raises(RefusedError) as caught:
            add(store, picture(400, 200))
        assert caught.value.code == "photo_too_many"
        assert "6" in caught.value.message


def test_removing_photos_and_rows_can_be_undone(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        with act(store, "room.save", "保存") as a:
            rows.save(a, ROOM, {"id": "a", "name": "101"})
        digests = [add(store, picture(100 + i, 80)) for i in range(3)]
        before = content(store)
        with act(store, "photo.remove", "移去照片") as a:
            assert attachments.remove_photo(a, ROOM, "a", digests[0])
            assert not attachments.remove_photo(a, ROOM, "a", "f" * 64)
        assert [(p.n, p.sha256) for p in attachments.photos(store, ROOM, "a")] == [(1, digests[1]), (2, digests[2])]
        journal.undo(store)
        assert content(store) == before
        with act(store, "room.remove", "删除") as a:
            rows.remove(a, ROOM, "a", "1")
        assert attachments.photos(store, ROOM, "a") == []
        journal.undo(store)
        assert content(store) == before
        assert attachments.missing(store) == []
        assert journal.verify_chain(store) == []
        assert [e.part for e in journal.history(store, "room", "a")].count("photos") == 7


def test_a_file_without_its_folder_says_what_is_missing(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        digest = add(store, picture(100, 80))
        path = attachments.photo_path(store, digest)
        assert path is not None
        path.unlink()
        assert attachments.missing(store) == [digest]
        assert attachments.photo_path(store, digest) is None
        assert attachments.keep_photo(store, photo.encode(picture(100, 80))) == digest
        assert attachments.missing(store) == []
