pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback

// Counts: a number to be read from afar, and what it counts. `figures`: [{count, label}].
GridLayout {
    id: grid

    property var figures: []
    property int size: 84

    columns: 2
    rowSpacing: Theme.gap
    columnSpacing: 2 * Theme.space
    visible: figures.length > 0

    Repeater {
        model: grid.figures.length

        ColumnLayout {
            id: figure
            required property int index
            readonly property var told: grid.figures[index] ?? ({})

            Layout.fillWidth: true
            Layout.preferredWidth: 500
            Layout.alignment: Qt.AlignTop
            spacing: 0
            Accessible.role: Accessible.StaticText
            Accessible.name: told.label + " " + told.count

            Text {
                text: figure.told.count ?? 0
                color: Theme.ink
                font.pixelSize: grid.size
                font.weight: Font.Bold
                font.features: {
                    "tnum": 1
                }
                Accessible.ignored: true
            }

            Copy {
                Layout.fillWidth: true
                text: figure.told.label ?? ""
                color: Theme.muted
                leading: 1.05
                font.pixelSize: Theme.small
                Accessible.ignored: true
            }
        }
    }
}
