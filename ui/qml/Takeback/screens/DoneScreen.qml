import QtQuick
import Takeback

// Thank you; another return, or good-bye in the seconds shown.
Stage {
    id: screen

    Hero {
        anchors.fill: parent
        design: Qt.size(620, 540)
        most: 1.2

        Art {
            id: thanks
            width: 620
            height: 520
            drawing: "thanks"

            NumberAnimation on scale {
                running: !Theme.still
                from: 0.85
                to: 1
                duration: Theme.motion(300)
                easing.type: Easing.OutBack
            }
        }
    }

    Rectangle {
        anchors.top: parent.top
        anchors.right: parent.right
        anchors.margins: 32
        width: 120
        height: 120
        radius: 60
        color: Theme.card
        border.width: 8
        border.color: Theme.accent
        visible: (screen.props.left ?? "") !== ""

        Text {
            anchors.centerIn: parent
            text: screen.props.left ?? ""
            color: Theme.ink
            font.pixelSize: 56
            font.weight: Font.Bold
            Accessible.ignored: true
        }
    }
}
