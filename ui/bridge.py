"""The one object that QML knows: what is shown, how it looks, and where touches go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Property, QObject, Qt, Signal, Slot
from PySide6.QtQml import QmlElement

from ui.art import Art
from ui.camera_view import Newest
from ui.theme import Named, Theme, drawn

if TYPE_CHECKING:
    from ui.face import Drawn

QML_IMPORT_NAME = "Takeback.Native"
QML_IMPORT_MAJOR_VERSION = 1

# Qt's own names, as values: the tool that describes our types for qmllint reads names only.
QVariantMap = cast("type", "QVariantMap")
QVariantList = cast("type", "QVariantList")


@QmlElement
class Bridge(QObject):
    """`show` and `wear` may be called on any thread; everything else belongs to the GUI thread.

    Only what really changed is announced, so that a tick redraws nothing but the countdown.
    """

    _arrived = Signal()
    changed = Signal()
    countdownChanged = Signal()
    looked = Signal()
    languagesChanged = Signal()
    _told = Signal(list, str)

    def __init__(
        self,
        send: Callable[[str, str], None],
        languages: list[dict[str, str]],
        look: tuple[str, Callable[[Named], Theme], Art],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._send = send
        self._languages = languages
        self._theme_name, self._theme_of, self._art = look
        self._newest = Newest(self)
        self._waiting: Callable[[], Drawn] | None = None
        self._screen = ""
        self._idle = False
        self._props: dict[str, object] = {}
        self._countdown: dict[str, object] = {}
        self._theme = self._theme_of(self._theme_name)
        self._scheme = ""
        self._roles: Mapping[str, str] = {}
        self._numbers: dict[Named, int] = {}  # in order of appearance
        self._worn: tuple[Named, bool] = ("", False)
        self._dress("", high_contrast=False)
        self._told.connect(self._wear, Qt.ConnectionType.QueuedConnection)
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def begin(self, screen: str, props: dict[str, object]) -> None:
        """Show this at once, before there is any session. GUI thread."""
        self._put(screen, dict(props))

    def show(self, drawing: Callable[[], Drawn]) -> None:
        """Draw this next, on the GUI thread; of several that arrive before the screen is free only
        the last is drawn."""
        waiting, self._waiting = self._waiting, drawing
        if waiting is None:
            self._arrived.emit()

    def wear(self, languages: list[dict[str, str]], theme: str) -> None:
        """From now on these are offered, and the kiosk itself looks so."""
        self._told.emit(languages, theme)

    @Slot(list, str)
    def _wear(self, languages: list[dict[str, str]], theme: str) -> None:
        if languages != self._languages:
            self._languages = languages
            self.languagesChanged.emit()
        if theme != self._theme_name:
            self._theme_name = theme
            merchant, contrast = self._worn
            self._dress(merchant, high_contrast=contrast)
            self.looked.emit()  # the name in the corner, whoever's colours these are

    @property
    def shown_props(self) -> dict[str, object]:
        return self._props

    @property
    def idle(self) -> bool:
        """Whether what is drawn, and what waits to be drawn, is nobody's visit. GUI thread."""
        return self._idle and self._waiting is None

    @property
    def camera_frames(self) -> Newest:
        return self._newest

    @Slot()
    def _take(self) -> None:
        drawing, self._waiting = self._waiting, None
        if drawing is None:
            return
        now = drawing()
        self._idle = now.nobodys
        self._put(now.name, dict(now.props))

    def _put(self, screen: str, props: dict[str, object]) -> None:
        countdown = props.pop("countdown")
        theme = cast("Named", props.pop("theme"))
        self._dress(theme, high_contrast=bool(props["highContrast"]))
        if isinstance(countdown, dict) and countdown != self._countdown:
            self._countdown = countdown
            self.countdownChanged.emit()
        if screen != self._screen or props != self._props:
            self._screen, self._props = screen, props
            self.changed.emit()

    def _dress(self, merchant_theme: Named, *, high_contrast: bool) -> None:
        """The kiosk's own theme, or the merchant's while its return is on the screen."""
        self._worn = merchant_theme, high_contrast
        named = merchant_theme or self._theme_name
        theme = self._theme_of(named)
        number = self._numbers.setdefault(named, len(self._numbers))
        name = named if isinstance(named, str) else f"own.{number}"  # no file is called so
        scheme = f"{name}-{'contrast' if high_contrast else theme.scheme}"
        if scheme == self._scheme:
            return
        self._theme, self._scheme, self._roles = theme, scheme, theme.roles(high_contrast)
        if theme.logo is None:
            self._art.use(scheme, self._roles)
        else:
            self._art.use(scheme, self._roles, drawn(theme.logo))
        self.looked.emit()

    @Slot(str, str)
    def send(self, action: str, value: str) -> None:
        """A touch."""
        self._send(action, value)

    def _get_screen(self) -> str:
        return self._screen

    def _get_props(self) -> dict[str, object]:
        return self._props

    def _get_countdown(self) -> dict[str, object]:
        return self._countdown

    def _get_roles(self) -> dict[str, str]:
        return dict(self._roles)

    def _get_scheme(self) -> str:
        return self._scheme

    def _get_brand(self) -> str:
        return self._theme_of(self._theme_name).brand

    def _get_logo(self) -> float:
        """A merchant's logo as width by height, 0 where there is none."""
        logo = self._theme.logo
        return logo.width / logo.height if logo else 0.0

    def _get_languages(self) -> list[dict[str, str]]:
        return self._languages

    def _get_camera(self) -> QObject:
        return self._newest

    screen = Property(str, _get_screen, notify=changed)
    props = Property(QVariantMap, _get_props, notify=changed)
    countdown = Property(QVariantMap, _get_countdown, notify=countdownChanged)
    roles = Property(QVariantMap, _get_roles, notify=looked)
    scheme = Property(str, _get_scheme, notify=looked)
    brand = Property(str, _get_brand, notify=looked)
    logo = Property(float, _get_logo, notify=looked)
    languages = Property(QVariantList, _get_languages, notify=languagesChanged)
    camera = Property(QObject, _get_camera, constant=True)
