import QtQuick
import Takeback

// Why nothing can be taken, item by item, and where to ask.
Stage {
    id: screen

    readonly property bool few: height - contact.implicitHeight - list.wanted - 2 * Theme.gap > 240

    needs: list.least + contact.implicitHeight + Theme.gap

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
        y: screen.few ? contact.y - Theme.gap - wanted : 0
        height: contact.y - Theme.gap - y
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
        text: screen.props.merchant
        step: screen.props.support
    }
}
