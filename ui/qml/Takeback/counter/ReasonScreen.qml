pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback

// One of a few answers, two beside each other.
Stage {
    id: screen

    readonly property var choices: props.choices ?? []

    needs: grid.implicitHeight

    GridLayout {
        id: grid
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        columns: 2
        columnSpacing: Theme.gap
        rowSpacing: Theme.gap
        uniformCellWidths: true

        Repeater {
            model: screen.choices.length

            CounterKey {
                required property int index

                Layout.fillWidth: true
                Layout.minimumHeight: 124
                told: screen.choices[index] ?? ({})
            }
        }
    }
}
