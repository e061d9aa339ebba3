pragma ComponentBehavior: Bound

import QtQuick
import Takeback

// A badge is awaited; languages below, for whoever comes next.
Stage {
    id: screen

    readonly property var languages: props.languages ?? []

    needs: 320 + tongues.implicitHeight

    Item {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: tongues.top

        Rectangle {
            anchors.centerIn: parent
            width: Math.min(parent.height, 460)
            height: width
            radius: width / 2
            color: Theme.panel
            border.width: Theme.highContrast ? 5 : 0
            border.color: Theme.outline

            Icon {
                anchors.centerIn: parent
                size: parent.width * 0.5
                drawing: (screen.props.waiting ?? false) ? "clock" : "badge"
                role: "accent"
            }
        }
    }

    Flow {
        id: tongues
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        spacing: Theme.gap

        Repeater {
            model: screen.languages.length

            CounterKey {
                required property int index
                told: screen.languages[index] ?? ({})
            }
        }
    }
}
