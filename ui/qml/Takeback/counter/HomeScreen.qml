pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback

// Scan anything; beside it, what waits.
Stage {
    id: screen

    readonly property var tiles: props.tiles ?? []

    needs: 4 * 150

    RowLayout {
        anchors.fill: parent
        spacing: 2 * Theme.space

        Rectangle {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.preferredWidth: 1000
            radius: 56
            color: Theme.panel
            border.width: Theme.highContrast ? 5 : 0
            border.color: Theme.outline

            Icon {
                id: bars
                anchors.centerIn: parent
                size: Math.min(parent.width, parent.height) * 0.62
                drawing: "barcode"
                role: "accent"
            }

            // The scanner's beam, breathing.
            Rectangle {
                anchors.centerIn: parent
                width: parent.width * 0.74
                height: 10
                radius: 5
                color: Theme.role("critical")
                opacity: 0.85

                SequentialAnimation on opacity {
                    running: !Theme.still
                    loops: Animation.Infinite
                    NumberAnimation {
                        to: 0.25
                        duration: 1200
                        easing.type: Easing.InOutSine
                    }
                    NumberAnimation {
                        to: 0.85
                        duration: 1200
                        easing.type: Easing.InOutSine
                    }
                }
            }
        }

        ColumnLayout {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.preferredWidth: 1000
            spacing: Theme.gap

            Repeater {
                model: screen.tiles.length

                Tile {
                    required property int index

                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    Layout.minimumHeight: 130
                    told: screen.tiles[index] ?? ({})
                }
            }
        }
    }
}
