"""The installation's settings: one frozen model, read from one TOML file.

Unknown keys are refused with their path, so that a typing error never passes for a default.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class Screen(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The panel."""

    px_per_mm: Annotated[
        float, Meta(gt=0.5, lt=20, description="pixels per millimetre at native size")
    ] = 2.71
    full_screen: Annotated[bool, Meta(description="fill the panel; off in the demo")] = True
    theme: Annotated[str, Meta(description="name of a file in assets/themes")] = "takeback"


class Scanner(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One scanner. `driver` is a name in drivers.registry; `options` are the driver's own."""

    name: Annotated[str, Meta(min_length=1, description="what logs and the doctor call it")]
    driver: Annotated[str, Meta(description="a name in drivers.registry")]
    options: Annotated[
        dict[str, str | int | bool], Meta(description="the driver's own; see docs/engineer.md")
    ] = {}


class Printer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One printer. `driver` is a name in drivers.registry; `options` are the driver's own."""

    name: Annotated[str, Meta(min_length=1, description="what logs and the doctor call it")]
    driver: Annotated[str, Meta(description="a name in drivers.registry")]
    width_dots: Annotated[int, Meta(ge=384, le=1344, description="printable dots a line")] = 576
    dpi: Annotated[int, Meta(ge=150, le=300, description="dots an inch")] = 203
    options: Annotated[
        dict[str, str | int | bool], Meta(description="the driver's own; see docs/engineer.md")
    ] = {}


class Timing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Seconds of patience; see kiosk.flows.model.Timing."""

    problem: Annotated[float, Meta(gt=0, description="an error stays on the screen")] = 8.0
    idle: Annotated[float, Meta(ge=40, description="a screen waits for the shopper")] = 60.0
    warning: Annotated[float, Meta(ge=20, description="the countdown before it gives up")] = 20.0
    receipt: Annotated[float, Meta(ge=30, description="the receipt screen stays")] = 45.0
    done: Annotated[float, Meta(ge=5, description="another return may follow")] = 8.0


class Centre(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The central service."""

    url: Annotated[
        str,
        Meta(pattern="^(https?://[^ ]+)?$", description="in place of the address of the enrolment"),
    ] = ""
    timeout_s: Annotated[float, Meta(gt=0, le=120, description="patience for one answer")] = 10.0
    ca_file: Annotated[
        str,
        Meta(
            pattern="^(/.*)?$",
            description="PEM file of the authorities to believe instead of the public ones",
        ),
    ] = ""
    client_cert: Annotated[
        str,
        Meta(pattern="^(/.*)?$", description="PEM file for a proxy that wants to know the kiosk"),
    ] = ""
    client_key: Annotated[
        str, Meta(pattern="^(/.*)?$", description="its key, where that lies in another file")
    ] = ""


class StoreSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the data directory is kept."""

    encrypted: Annotated[
        bool,
        Meta(description="ledger, policy and device key encrypted; switches what is there, too"),
    ] = False
    key_file: Annotated[
        str,
        Meta(
            pattern="^/",
            description="where the key is kept if systemd gives no credential; outside data_dir",
        ),
    ] = "/var/lib/takeback-key/store.key"
    backups: Annotated[
        int, Meta(ge=0, le=30, description="copies of the ledger that are kept; 0 makes none")
    ] = 2
    backup_every_h: Annotated[
        float, Meta(ge=1, le=720, description="hours from one copy to the next")
    ] = 24.0
    backup_mb: Annotated[
        int, Meta(ge=16, description="MiB that all copies may take together; one is always kept")
    ] = 1024


class Photos(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Photographs of goods, where a merchant's rules ask for them."""

    enabled: Annotated[
        bool, Meta(description="take them with the camera; off: such returns go to staff")
    ] = True
    keep_days: Annotated[
        int, Meta(ge=1, le=365, description="days on this disk after the centre has one")
    ] = 30
    budget_mb: Annotated[
        int, Meta(ge=10, le=100_000, description="room for all; full: such returns go to staff")
    ] = 300


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole file."""

    profile: Annotated[
        Literal["shopper", "counter"],
        Meta(description="what this machine is: a self-service kiosk, or a staffed counter"),
    ] = "shopper"
    site_name: Annotated[str, Meta(description="the shop, as receipts name it")] = ""
    counter: Annotated[
        bool, Meta(description="a staffed counter beside it takes and hands out parcels")
    ] = False
    staffed: Annotated[
        bool, Meta(description="a person at the site helps; off where nobody can be asked")
    ] = True
    country: Annotated[
        str, Meta(pattern="^([A-Z]{2})?$", description="where it stands, ISO 3166-1: DE, NO ...")
    ] = ""
    opening_mm: Annotated[
        int, Meta(ge=0, le=5000, description="longest item the opening takes; 0 for no limit")
    ] = 0
    data_dir: Annotated[str, Meta(description="where the ledger, keys and policy live")] = (
        "/var/lib/takeback"
    )
    timezone: Annotated[str, Meta(description="IANA name of the site's time zone")] = "UTC"
    languages: Annotated[
        tuple[str, ...],
        Meta(min_length=1, description="offered languages, the first is the default"),
    ] = ("en", "de", "es", "fr", "ar")
    screen: Screen = Screen()
    timing: Timing = Timing()
    centre: Centre = Centre()
    store: StoreSettings = StoreSettings()
    photos: Photos = Photos()
    scanners: tuple[Scanner, ...] = ()
    printers: tuple[Printer, ...] = ()

    @property
    def data(self) -> Path:
        return Path(self.data_dir)


class SettingsError(Exception):
    """The file cannot be used; the message names the key and what was expected."""


def load(path: Path) -> Settings:
    """Read a settings file. Raises SettingsError with a sentence for the engineer."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Settings)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror})") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error
