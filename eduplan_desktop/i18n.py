"""Texts. Chinese is the source language: message ids are Chinese, the English catalogue is complete (D12)."""

import gettext
from pathlib import Path
from typing import Final

LOCALE_DIR: Final = Path(__file__).resolve().parent.parent / "resources" / "locale"
DOMAIN: Final = "eduplan"

_translation: gettext.NullTranslations = gettext.NullTranslations()


def N_(message: str) -> str:
    """Mark a text for extraction without translating it; used in declarations."""
    return message


def _(message: str) -> str:
    """The text in the language in use; Chinese when nothing else is installed. '' stays empty (not the catalogue's head)."""
    return _translation.gettext(message) if message else ""


def use_language(language: str) -> None:
    """Switch to `language` ('zh_CN' or 'en'); an unknown language leaves Chinese in place."""
    global _translation
    if language.startswith("zh"):
        _translation = gettext.NullTranslations()
    else:
        _translation = gettext.translation(DOMAIN, str(LOCALE_DIR), languages=[language], fallback=True)


PRODUCT: Final = N_("教育台账")
"""The product's Chinese name, in one place."""
