pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback

// Cards by the page: at most five, fewer where text is large; keys turn the page, no flicking.
Item {
    id: paged

    property var lines: []
    property var paging: ({})
    property int page: 0
    property var pages: [[0, 0]]  // first and one past the last card of each page
    readonly property bool turning: pages.length > 1
    property real wanted: 0  // height of all cards on one page

    // What a page needs at least: its tallest card and the keys.
    property real tallest: 0
    readonly property real turnHeight: Math.max(Theme.target + 8, turner.implicitHeight)
    readonly property real least: lines.length > 1 ? Math.min(wanted, tallest + turnHeight + Theme.gap) : wanted

    onHeightChanged: paginate()
    onTurnHeightChanged: soon.restart()
    onLinesChanged: soon.restart()
    Component.onCompleted: measure()

    function spread(room: real): var {
        const found = [];
        let first = 0, high = 0;
        for (let i = 0; i < cards.count; i++) {
            const more = (cards.itemAt(i)?.implicitHeight ?? 0) + (i > first ? Theme.gap : 0);
            if (i > first && (high + more > room || i - first === 5)) {
                found.push([first, i, high]);
                first = i;
                high = cards.itemAt(i)?.implicitHeight ?? 0;
            } else {
                high += more;
            }
        }
        found.push([first, cards.count, high]);
        return found;
    }

    function measure(): void {
        let all = 0, most = 0;
        for (let i = 0; i < cards.count; i++) {
            const high = cards.itemAt(i)?.implicitHeight ?? 0;
            all += high + (i > 0 ? Theme.gap : 0);
            most = Math.max(most, high);
        }
        wanted = all;
        tallest = most;
        paginate();
    }

    function paginate(): void {
        // Low reach: what can be touched stays within some 600 pixels of the lower edge.
        const room = Theme.lowReach && !Theme.landscape ? Math.min(height, 600) : height;
        let found = spread(room + 2);  // a rounding is no reason to turn pages
        if (found.length > 1)
            found = spread(room - turnHeight - Theme.gap);
        pages = found;
        page = Math.min(page, found.length - 1);
    }

    Timer {
        id: soon
        interval: 0
        onTriggered: paged.measure()
    }

    // A positioner, not a layout: cards of other pages are measured too, at the same width.
    Column {
        id: column
        width: parent.width
        anchors.bottom: Theme.lowReach ? parent.bottom : undefined
        anchors.top: Theme.lowReach ? undefined : parent.top
        spacing: Theme.gap

        Repeater {
            id: cards
            model: paged.lines.length

            ItemCard {
                required property int index
                readonly property var range: paged.pages[paged.page] ?? [0, 0]

                width: paged.width
                height: implicitHeight
                visible: index >= range[0] && index < range[1]
                told: paged.lines[index] ?? ({})
                onImplicitHeightChanged: soon.restart()
            }
        }

        RowLayout {
            id: turner
            width: paged.width
            visible: paged.turning
            spacing: Theme.gap

            SecondaryButton {
                Layout.fillWidth: true
                Layout.preferredWidth: 1000
                enabled: paged.page > 0
                label: paged.paging.back ?? ""
                icon: "back"
                onActivated: paged.page -= 1
            }

            Copy {
                Layout.maximumWidth: paged.width * 0.28
                text: (paged.paging.of ?? "").arg(paged.page + 1).arg(paged.pages.length)
                font.pixelSize: Theme.small
                color: Theme.muted
                horizontalAlignment: Text.AlignHCenter
            }

            SecondaryButton {
                Layout.fillWidth: true
                Layout.preferredWidth: 1000
                enabled: paged.page < paged.pages.length - 1
                label: paged.paging.forward ?? ""
                icon: "forward"
                onActivated: paged.page += 1
            }
        }
    }
}
