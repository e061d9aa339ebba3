"""The kiosk's window: made on the GUI thread, told what to show from any thread."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Generic, TypeVar, cast

from PySide6.QtCore import QCoreApplication, QMetaObject, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow

from kiosk.words.shelf import languages as names_of_languages
from ui import qr
from ui.art import Art
from ui.bridge import Bridge
from ui.camera_view import Frame
from ui.picture import Pictures
from ui.theme import Named, Theme, load

if TYPE_CHECKING:
    from kiosk.words import Words
    from ui.face import Face

QML: Final = Path(__file__).with_name("qml")
FAMILIES: Final = ["Inter", "Noto Sans", "Noto Sans Arabic", "Noto Sans CJK JP"]
SIGNALS_MS: Final = 300
_GL_RENDERER: Final = 0x1F01
_SLOW_GL: Final = ("llvmpipe", "softpipe", "swrast", "swiftshader")

S = TypeVar("S")
E = TypeVar("E")

_log = logging.getLogger(__name__)


def application(arguments: Sequence[str] = ("takeback",)) -> QGuiApplication:
    """The Qt application with our fonts, made once a process.

    Python paints some items, so everything is drawn on the GUI thread (the threaded loop can
    deadlock there). Without a usable GL a window would abort the process: probed here.
    """
    os.environ.setdefault("QSG_RENDER_LOOP", "basic")
    running = QCoreApplication.instance()
    app = running if isinstance(running, QGuiApplication) else QGuiApplication(list(arguments))
    font = QFont()
    font.setFamilies(FAMILIES)
    QGuiApplication.setFont(font)
    if running is None and not os.environ.get("QT_QUICK_BACKEND") and not _fast_gl():
        from PySide6.QtQuick import QSGRendererInterface

        QQuickWindow.setGraphicsApi(QSGRendererInterface.GraphicsApi.Software)
    return app


def _fast_gl() -> bool:
    """Whether a GL context can be made here, and one that is not itself done in software:
    Qt's own software renderer is quicker than a GL imitated by the processor."""
    from PySide6.QtGui import QOffscreenSurface, QOpenGLContext

    context = QOpenGLContext()
    surface = QOffscreenSurface()
    surface.create()
    if not context.create() or not context.makeCurrent(surface):
        return False
    name = str(context.functions().glGetString(_GL_RENDERER)).lower()
    context.doneCurrent()
    return not any(slow in name for slow in _SLOW_GL)


class Kiosk(Generic[S, E]):
    """The window and its bridge, with the face that it is given. Make it on the main thread; `show`
    and `camera` may be called from any thread; `run` until `quit`."""

    def __init__(
        self,
        face: Face[S, E],
        post: Callable[[E], None],
        words_for: Callable[[str], Words],
        languages: Sequence[str],
        theme: str,
        px_per_mm: float,
        *,
        full_screen: bool = False,
        size: tuple[int, int] = (540, 960),
        reduced_motion: bool = False,
        preload: bool = True,
        themes: Callable[[Named], Theme] = load,
    ) -> None:
        self.app = application()
        self._face = face
        self._post = post
        self._words_for = words_for
        self._last: S | None = None
        self._engine = QQmlApplicationEngine()
        self._engine.addImportPath(str(QML))
        art = Art()
        self._bridge = Bridge(self.touched, _named(languages), (theme, themes, art))
        self._engine.addImageProvider("art", art)
        self._engine.setInitialProperties(
            {
                "bridge": self._bridge,
                "pxPerMm": px_per_mm,
                "fillsPanel": full_screen,
                "reducedMotion": reduced_motion,
                "preload": preload,
            }
        )
        self._engine.load(QUrl.fromLocalFile(str(QML / "Takeback" / face.root)))
        roots = self._engine.rootObjects()
        if not roots:
            raise RuntimeError("the screens could not be loaded; see the log")
        self.window = cast("QQuickWindow", roots[0])
        self._place(full_screen, size)
        self.pictures = Pictures(self.window, self._bridge)
        self._hook, sys.excepthook = sys.excepthook, self._caught

    def _place(self, full_screen: bool, size: tuple[int, int]) -> None:
        if full_screen:
            self.app.setOverrideCursor(Qt.CursorShape.BlankCursor)
            self.window.showFullScreen()
        else:
            self.window.resize(QSize(*size))
            self.window.show()

    @property
    def engine(self) -> QQmlApplicationEngine:
        """For windows beside the kiosk's own, as the demo's dock."""
        return self._engine

    @property
    def props(self) -> dict[str, object]:
        """What the screen shows at the moment, as QML got it. GUI thread."""
        return self._bridge.shown_props

    def begin(self, language: str) -> None:
        """The first frame, before anything else of the house is awake. GUI thread."""
        self._bridge.begin(*self._face.first(language))

    def show(self, session: S) -> None:
        """Show this session as soon as the screen is free. Any thread."""
        self._last = session
        self._bridge.show(lambda: self._face.draw(session, self._words_for))

    def touched(self, action: str, value: str) -> None:
        """A touch, turned into an event and posted; what the flow does not know is dropped."""
        event = self._face.event_of(action, value)
        if event is not None:
            self._post(event)

    def wear(self, languages: Sequence[str], theme: str) -> None:
        """Offer these languages and look like this theme: what the settings say once all of them
        are known. Any thread."""
        self._bridge.wear(_named(languages), theme)

    def camera(self, pixels: bytes, width: int, height: int, channels: int = 1) -> None:
        """The newest picture of the camera: 1 channel grey or 3 RGB, rows unpadded. Any thread."""
        self._bridge.camera_frames.push(Frame(pixels, width, height, channels))

    def run(self) -> int:
        """Serve the screen until `quit`; answers the exit code."""
        # Python handles a signal only when it runs: without a beat, SIGTERM would wait for a
        # shopper's touch.
        beat = QTimer()
        beat.timeout.connect(lambda: None)
        beat.start(SIGNALS_MS)
        return self.app.exec()

    def quit(self) -> None:
        """End `run`. Any thread."""
        # Queued: called from another thread, `quit` itself waits for the GUI thread with the
        # interpreter locked, and the GUI thread may stand before that lock in an event filter.
        QMetaObject.invokeMethod(self.app, "quit", Qt.ConnectionType.QueuedConnection)

    def close(self) -> None:
        """Take the window away; the screens go before the objects they are bound to."""
        sys.excepthook = self._hook
        self.window.close()
        self._engine.deleteLater()
        from PySide6.QtCore import QEvent  # its many names cost time at every start

        QCoreApplication.sendPostedEvents(self._engine, QEvent.Type.DeferredDelete.value)

    def _caught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """An exception in a slot does not stop Qt: log it and leave a screen that promises
        nothing, in the shopper's language."""
        if issubclass(kind, KeyboardInterrupt):
            self._hook(kind, error, trace)
            self.quit()
            return
        _log.critical("the screen failed", exc_info=(kind, error, trace))
        from kiosk.ports import Trouble

        self.show(self._face.broken(self._last, Trouble.STORE_FAILED))


def _named(languages: Sequence[str]) -> list[dict[str, str]]:
    """Those that have words, with their own names."""
    names = names_of_languages()
    return [{"code": code, "name": names[code]} for code in languages if code in names]


TYPES: Final = qr.TYPES  # registered by being imported
