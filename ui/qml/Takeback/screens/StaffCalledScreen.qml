import QtQuick
import Takeback

// A person is on the way: why, and what to do until then.
Stage {
    id: screen

    readonly property bool listed: props.lines.length > 0
    readonly property bool spare: !listed || height - why.implicitHeight - list.wanted - 2 * Theme.gap > 240

    needs: (listed ? list.least : 160) + why.implicitHeight + Theme.gap

    Hero {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        height: why.y - Theme.gap
        visible: screen.spare
        design: Qt.size(560, 520)
        most: 1.1

        Art {
            width: 560
            height: 520
            drawing: "staff"
        }
    }

    Notice {
        id: why
        anchors.left: parent.left
        anchors.right: parent.right
        y: screen.spare ? screen.height - height - (screen.listed ? list.wanted + Theme.gap : 0) : 0
        height: implicitHeight
        tone: "info"
        icon: "person"
        text: screen.props.reason
        step: screen.props.nextStep
    }

    PagedLines {
        id: list
        anchors.left: parent.left
        anchors.right: parent.right
        y: why.y + why.height + Theme.gap
        height: Math.max(0, screen.height - y)
        visible: screen.listed
        lines: screen.props.lines
        paging: screen.props.paging
    }
}
