"""`takeback central serve`: one worker, or several under a parent that starts them again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli.central_database import DEFAULT_DATABASE, DatabaseUrl, sentences, signing_key
from kiosk.cli.common import AsJson, fail, known_zone, put_json

if TYPE_CHECKING:
    from kiosk.seal.keys import SigningKey
    from sync.central.people.issuers import Issuer
    from sync.central.sealing import Secrets
    from sync.central.serve import CentralServer, Serving
    from sync.central.workers import Child

_SHARED = "PROMETHEUS_MULTIPROC_DIR"  # sync.central.watch.measures, which must see it when imported
_FORMS = ("auto", "json", "plain")
_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the command was asked for, read and found good."""

    database: str
    host: str
    port: int
    timezone: str
    secure_cookies: bool
    bundle_keys: Mapping[str, SigningKey]
    issuers: Mapping[str, Issuer]
    webhook_networks: tuple[str, ...]
    metrics: tuple[str, int] | None
    secrets: Secrets


def serve(
    database: DatabaseUrl = DEFAULT_DATABASE,
    host: Annotated[
        str, typer.Option(help="Address to listen on; put TLS in front.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one.", min=0, max=65535)] = 8700,
    workers: Annotated[
        int,
        typer.Option(
            help="Processes behind the one address; as many as there are cores.",
            min=1,
            max=64,
            envvar="TAKEBACK_WORKERS",
        ),
    ] = 1,
    metrics: Annotated[
        str,
        typer.Option(
            metavar="HOST:PORT",
            help="Where Prometheus may ask for /metrics; nobody is asked for a key there.",
        ),
    ] = "",
    log_format: Annotated[
        str, typer.Option(help="auto (plain on a terminal, else JSON), json or plain.")
    ] = "auto",
    log_level: Annotated[str, typer.Option(help="debug, info, warning or error.")] = "info",
    timezone: Annotated[str, typer.Option(help="The back office's, IANA name.")] = "UTC",
    secure_cookies: Annotated[
        bool, typer.Option(help="Behind TLS: cookies never without.")
    ] = False,
    until_eof: Annotated[
        bool, typer.Option(help="End when standard input does, so that no orphan stays.")
    ] = False,
    bundle_key: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TENANT:KID:FILE",
            help="A tenant's signing key, to renew its policy bundle before it ends.",
        ),
    ] = None,
    webhook_allow: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NETWORK",
            help="Webhooks may go there besides public addresses, as 10.1.0.0/16; over plain "
            "HTTP only to an address in it.",
        ),
    ] = None,
    sign_in: Annotated[
        Path | None,
        typer.Option(help="TOML: services that say who people are (OpenID Connect), by tenant."),
    ] = None,
    secrets: Annotated[
        Path | None,
        typer.Option(
            help="File of keys that seal second factors and webhooks' keys in the database "
            "(takeback central secrets-key); the first one seals.",
            envvar="TAKEBACK_SECRETS",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Serve kiosks and the back office until interrupted or terminated."""
    known_zone(timezone)
    _one_of("--log-format", log_format, _FORMS)
    _one_of("--log-level", log_level, _LEVELS)
    until = 0 if until_eof else None
    with ExitStack() as last:
        if workers > 1:
            _share_counts(last)
        asked = _Asked(
            database=database,
            host=host,
            port=port,
            timezone=timezone,
            secure_cookies=secure_cookies,
            bundle_keys=dict(signing_key(one) for one in bundle_key or ()),
            issuers=_issuers(sign_in),
            webhook_networks=_networks(webhook_allow or []),
            metrics=_address(metrics),
            secrets=_secrets(secrets),
        )
        _log(log_format, log_level)
        run = _alone if workers == 1 else _several(workers)
        status = run(asked, until, lambda url, measures: _say(url, measures, as_json), last)
    if status:
        raise typer.Exit(status)


# --- what was asked for --------------------------------------------------------------------------


def _one_of(option: str, told: str, known: tuple[str, ...]) -> None:
    if told not in known:
        fail(f"{option} {told}: there are {', '.join(known)}", code=2)


def _address(told: str) -> tuple[str, int] | None:
    """HOST:PORT, an IPv6 address in brackets; "" is none."""
    if not told:
        return None
    host, _, port = told.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdecimal() or int(port) > 65535:
        fail(f"--metrics {told}: it is HOST:PORT, as 127.0.0.1:8799", code=2)
    return host, int(port)


def _issuers(told: Path | None) -> Mapping[str, Issuer]:
    from sync.central.people import issuers

    try:
        return issuers.read(told) if told is not None else {}
    except (OSError, ValueError) as error:
        fail(f"the services to sign in with cannot be read: {error}", code=2)


def _secrets(told: Path | None) -> Secrets:
    from sync.central import sealing

    try:
        return sealing.parse(told.read_text("ascii")) if told is not None else sealing.NONE
    except (OSError, ValueError) as error:
        fail(f"the keys that seal secrets cannot be read from {told}: {error}", code=2)


def _networks(told: list[str]) -> tuple[str, ...]:
    from sync.central.rest.targets import Targets

    try:
        Targets.of(tuple(told))
    except ValueError as error:
        fail(f"--webhook-allow: {error}", code=2)
    return tuple(told)


def _share_counts(last: ExitStack) -> None:
    """A folder for the counts of all workers, before anything that counts is imported."""
    folder = tempfile.mkdtemp(prefix="takeback-counts-")
    last.callback(shutil.rmtree, folder, ignore_errors=True)
    os.environ[_SHARED] = folder


def _log(form: str, level: str) -> None:
    from sync.central.watch import logs

    logs.set_up(logs.Form(form), level)


def _say(url: str, measures: str, as_json: bool) -> None:
    told = f"{measures}/metrics" if measures else ""
    if as_json:
        put_json({"serving": url} | ({"metrics": told} if told else {}))
    else:
        typer.echo(f"serving {url}" + (f", measures at {told}" if told else ""))
    sys.stdout.flush()


# --- serving -------------------------------------------------------------------------------------

_Say = Callable[[str, str], None]


def _made(asked: _Asked, listening: socket.socket | None = None) -> CentralServer:
    from kiosk.world import SystemClock, SystemIds
    from sync.central.serve import CentralServer

    return CentralServer(
        asked.database,
        SystemClock(),
        SystemIds(),
        host=asked.host,
        port=asked.port,
        timezone=asked.timezone,
        secure_cookies=asked.secure_cookies,
        bundle_keys=asked.bundle_keys,
        issuers=asked.issuers,
        webhook_networks=asked.webhook_networks,
        by_itself=True,
        listening=listening,
        secrets=asked.secrets,
    )


def _start(server: Serving, asked: _Asked) -> None:
    from sync.central import heap

    with sentences(asked.database):
        try:
            server.start()
        except (OSError, RuntimeError) as error:
            at = f"{server.host}:{server.port}"
            fail(f"the centre cannot serve at {at}: {error}; is the address in use?")
    heap.settle()


def _told(asked: _Asked, last: ExitStack, listening: socket.socket | None = None) -> Serving | None:
    """What answers Prometheus, started; None where nobody is to."""
    if asked.metrics is None:
        return None
    from kiosk.world import SystemClock
    from sync.central.database import Database
    from sync.central.serve import Serving
    from sync.central.watch import scraping

    with sentences(asked.database):
        database = last.enter_context(closing(Database(asked.database)))
    registry = scraping.registry(database, SystemClock())
    host, port = asked.metrics
    made = Serving(lambda: scraping.app(registry), host=host, port=port, listening=listening)
    _start(made, asked)
    last.callback(made.stop)
    return made


def _alone(asked: _Asked, until: int | None, say: _Say, last: ExitStack) -> int:
    """One worker: this process."""
    from sync.central.watch import measures

    leave = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: leave.set())
    server = _made(asked)
    last.callback(server.stop)
    _start(server, asked)
    measures.STARTS.inc()
    measuring = _told(asked, last)
    say(server.url, measuring.url if measuring else "")
    if until is not None:
        threading.Thread(target=_until_eof, args=(until, leave), daemon=True).start()
    leave.wait()
    return 0


def _until_eof(file: int, leave: threading.Event) -> None:
    # Not sys.stdin: its lock, held here, would upset an interpreter that ends by a signal.
    while os.read(file, 4096):
        pass
    leave.set()


def _several(count: int) -> Callable[[_Asked, int | None, _Say, ExitStack], int]:
    def run(asked: _Asked, until: int | None, say: _Say, last: ExitStack) -> int:
        from sync.central.serve import Serving
        from sync.central.workers import Child, Workers

        ear = last.enter_context(_ear(asked.host, asked.port))
        children = [_worker(asked, ear, number) for number in range(count)]
        measures = ""
        if asked.metrics is not None:
            watching = last.enter_context(_ear(*asked.metrics))
            children.append(Child("measures", lambda *told: _watch(asked, watching, *told)))
            measures = Serving.address(asked.metrics[0], watching.getsockname()[1])
        url = Serving.address(asked.host, ear.getsockname()[1])
        return Workers(children, until).run(lambda: say(url, measures))

    return run


def _ear(host: str, port: int) -> socket.socket:
    from sync.central.serve import listen

    try:
        return listen(host, port)
    except OSError as error:
        fail(f"the centre cannot serve at {host}:{port}: {error}; is the address in use?")


def _worker(asked: _Asked, ear: socket.socket, number: int) -> Child:
    from sync.central.watch import measures
    from sync.central.workers import Child

    def work(leave: threading.Event, ready: Callable[[], None]) -> None:
        measures.take_place(number)
        measures.STARTS.inc()
        server = _made(asked, ear)
        with ExitStack() as last, _exiting():
            last.callback(server.stop)
            _start(server, asked)
            ready()
            leave.wait()

    return Child(f"worker {number}", work, lambda: measures.clear_place(number))


def _watch(
    asked: _Asked, ear: socket.socket, leave: threading.Event, ready: Callable[[], None]
) -> None:
    with ExitStack() as last, _exiting():
        _told(asked, last, ear)
        ready()
        leave.wait()


@contextmanager
def _exiting() -> Iterator[None]:
    """A command's end, where there is no command around it."""
    try:
        yield
    except typer.Exit as error:
        sys.exit(error.exit_code)
