import QtQuick
import Takeback

// Why nothing can be taken, item by item, and where to ask.
Stage {
    id: screen

    // Four long lines that each break in two leave a low screen no room for the cards.
    readonly property bool flowing: Theme.landscape && screen.props.flowing.length > 200
    readonly property real below: contact.visible ? contact.implicitHeight + Theme.gap : 0
    readonly property bool few: height - below - list.wanted - Theme.gap > 240

    needs: list.least + below

    Hero {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        height: list.y - Theme.gap
        visible: screen.few
        design: Qt.size(620, 520)
        most: 0.9

        Art {
            width: 620
            height: 520
            drawing: "refused"
        }
    }

    PagedLines {
        id: list
        anchors.left: parent.left
        anchors.right: parent.right
        y: screen.few ? screen.height - screen.below - wanted : 0
        height: screen.height - screen.below - y
        lines: screen.props.lines
        paging: screen.props.paging
    }

    Notice {
        id: contact
        anchors.left: parent.left
        anchors.right: parent.right
        y: screen.height - height
        height: implicitHeight
        tone: "info"
        icon: "question"
        text: screen.props.reach
        step: screen.props.support
        lines: screen.flowing ? [screen.props.flowing] : screen.props.contacts
        visible: screen.props.reach !== ""
    }
}
