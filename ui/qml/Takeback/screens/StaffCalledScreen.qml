import QtQuick
import Takeback

// A person is on the way: why, and what to do until then.
Stage {
    id: screen

    readonly property bool listed: props.lines.length > 0
    readonly property bool spare: !listed || height - list.wanted - Theme.gap > 240

    needs: listed ? list.least : 160 + why.implicitHeight + Theme.gap

    Hero {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        height: (screen.listed ? list.y : why.y) - Theme.gap
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
        visible: !screen.listed
        anchors.left: parent.left
        anchors.right: parent.right
        y: screen.height - height
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
        y: screen.spare ? screen.height - wanted : 0
        height: Math.max(0, screen.height - y)
        visible: screen.listed
        lines: screen.props.lines
        paging: screen.props.paging
    }
}
