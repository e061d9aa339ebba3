pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback

// Where the shopper is on the way.
ColumnLayout {
    id: bar

    property var steps: []
    property int step: -1
    property string progress: ""

    spacing: 16
    Accessible.role: Accessible.StaticText
    Accessible.name: progress

    RowLayout {
        Layout.fillWidth: true
        spacing: 12

        Repeater {
            model: bar.steps.length

            Rectangle {
                required property int index

                Layout.fillWidth: true
                implicitHeight: 14
                radius: 7
                color: index <= bar.step ? Theme.accent : Theme.card
                border.width: index <= bar.step ? 0 : 3
                border.color: Theme.outline
            }
        }
    }

    RowLayout {
        Layout.fillWidth: true
        spacing: 16

        Copy {
            text: bar.steps[bar.step] ?? ""
            strong: true
            color: Theme.accent
            font.pixelSize: Theme.small
        }

        Copy {
            Layout.fillWidth: true
            text: bar.progress
            color: Theme.muted
            font.pixelSize: Theme.small
            horizontalAlignment: Text.AlignRight
        }
    }
}
