import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.files.photo import place, without_place
from tests.unit.files import photos

WHERE = "北纬29.52345度，东经112.64120度"
MAKERS = {"jpeg": photos.jpeg, "png": photos.png, "webp": photos.webp}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("order", ["little", "big"])
def test_the_place_goes_and_which_way_up_stays(make, order):
    photo = make(photos.exif(order=order, turned=6))
    assert place(photo) == WHERE
    clean = without_place(photo)
    assert place(clean) == ""
    assert photos.exif(order="big", turned=6, place=False) in clean
    assert photos.PIXELS in clean
    assert b"Secret Phone" not in clean


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_place_in_xmp_is_found_and_goes(make):
    photo = make(b"", xmp=b'<rdf exif:GPSLatitude="29,31.4N" exif:GPSLongitude="112,38.5E"/>')
    assert place(photo) == "29,31.4N，112,38.5E"
    assert without_place(photo) == make(b"")


def test_a_second_picture_behind_the_first_is_found_and_goes():
    photo = photos.jpeg(b"") + photos.jpeg(photos.exif())
    assert place(photo) == WHERE
    assert without_place(photo) == photos.jpeg(b"")


@pytest.mark.parametrize("packed", [True, False])
def test_png_texts_written_by_other_programs_are_read(packed):
    hexed = b"\nexif\n  99\n" + photos.exif().hex().encode()
    body = b"Raw profile type exif\0" + (b"\0" + zlib.compress(hexed) if packed else hexed)
    photo = photos.png(b"", more=[(b"zTXt" if packed else b"tEXt", body)])
    assert place(photo) == WHERE
    assert without_place(photo) == photos.png(b"")


def test_a_phone_that_measured_nothing_says_no_place():
    assert place(photos.jpeg(photos.exif(below=0))) == ""


@settings(deadline=None, derandomize=True, max_examples=150)
@given(st.data())
def test_any_bytes_are_a_photo_without_a_place_afterwards(data):
    make = data.draw(st.sampled_from(list(MAKERS.values())))
    whole = bytearray(make(photos.exif(order=data.draw(st.sampled_from(["little", "big"])))))
    for _ in range(data.draw(st.integers(0, 8))):
        whole[data.draw(st.integers(12, len(whole) - 1))] = data.draw(st.integers(0, 255))
    if place(bytes(whole)):
        assert place(without_place(bytes(whole))) == ""
