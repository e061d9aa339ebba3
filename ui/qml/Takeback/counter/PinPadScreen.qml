pragma ComponentBehavior: Bound

import QtQuick
import Takeback

// A PIN: dots for what was typed, never the digits.
Stage {
    id: screen

    readonly property int dots: props.dots ?? 0

    needs: pad.implicitHeight

    Item {
        id: typed
        anchors.left: parent.left
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        anchors.right: keys.left
        anchors.rightMargin: 2 * Theme.space
        Accessible.role: Accessible.StaticText
        Accessible.name: screen.props.typed ?? ""

        Rectangle {
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            height: 150
            radius: Theme.radius
            color: Theme.card
            border.width: 5
            border.color: screen.dots > 0 ? Theme.accent : Theme.outline

            Row {
                anchors.centerIn: parent
                spacing: 16

                Repeater {
                    model: Math.max(6, screen.dots)

                    Rectangle {
                        required property int index

                        width: 34
                        height: 34
                        radius: 17
                        color: index < screen.dots ? Theme.ink : "transparent"
                        border.width: index < screen.dots ? 0 : 4
                        border.color: Theme.outline
                    }
                }
            }
        }
    }

    // The pad mirrors nothing, its own place neither: something that does holds it.
    Item {
        id: keys
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        width: Math.min(760, parent.width * 0.52)

        PinPad {
            id: pad
            anchors.fill: parent
            erase: screen.props.erase ?? ""
            submit: screen.props.submit ?? ({})
        }
    }
}
