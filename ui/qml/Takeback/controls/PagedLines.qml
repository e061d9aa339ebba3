import QtQuick
import QtQuick.Layouts
import Takeback

// Cards by the page: at most five, fewer where text is large; keys turn the page, no flicking.
Item {
    id: paged

    property var lines: []
    property var paging: ({})
    property bool roomForPicture: true
    property int page: 0
    property var pages: [[0, 0]]  // first and one past the last card of each page
    readonly property bool turning: pages.length > 1
    readonly property real used: (pages[page]?.[2] ?? 0) + (turning ? Theme.target + 8 + Theme.gap : 0)

    onHeightChanged: Qt.callLater(paged.paginate)
    onLinesChanged: Qt.callLater(paged.paginate)
    Component.onCompleted: paginate()

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

    function paginate(): void {
        let found = spread(height);
        if (found.length > 1)
            found = spread(height - Theme.target - 8 - Theme.gap);
        pages = found;
        page = Math.min(page, found.length - 1);
    }

    ColumnLayout {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: Theme.lowReach ? parent.bottom : undefined
        anchors.top: Theme.lowReach ? undefined : parent.top
        spacing: Theme.gap

        Repeater {
            id: cards
            model: paged.lines.length

            ItemCard {
                required property int index
                readonly property var range: paged.pages[paged.page] ?? [0, 0]

                Layout.fillWidth: true
                visible: index >= range[0] && index < range[1]
                told: paged.lines[index] ?? ({})
                onImplicitHeightChanged: Qt.callLater(paged.paginate)
            }
        }

        RowLayout {
            Layout.fillWidth: true
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
