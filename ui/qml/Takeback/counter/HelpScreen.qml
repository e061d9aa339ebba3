pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback

// What can be scanned, in pictures; how the screen looks below.
Stage {
    id: screen

    readonly property var cards: props.cards ?? []
    readonly property var switches: props.switches ?? []
    readonly property var languages: props.languages ?? []

    needs: grid.implicitHeight + Theme.gap + comfort.implicitHeight

    GridLayout {
        id: grid
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        columns: 2
        columnSpacing: Theme.gap
        rowSpacing: 12
        uniformCellWidths: true

        Repeater {
            model: screen.cards.length

            RowLayout {
                id: card
                required property int index
                readonly property var told: screen.cards[index] ?? ({})

                Layout.fillWidth: true
                spacing: 20

                Rectangle {
                    Layout.preferredWidth: 84
                    Layout.preferredHeight: 84
                    radius: 24
                    color: Theme.panel
                    border.width: Theme.highContrast ? 3 : 0
                    border.color: Theme.outline

                    Icon {
                        anchors.centerIn: parent
                        size: 52
                        drawing: card.told.icon ?? ""
                        role: "accent"
                    }
                }

                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 0

                    Copy {
                        Layout.fillWidth: true
                        text: card.told.title ?? ""
                        strong: true
                        leading: 1.05
                        font.pixelSize: Theme.small
                    }

                    Copy {
                        Layout.fillWidth: true
                        text: card.told.text ?? ""
                        color: Theme.muted
                        leading: 1.05
                        font.pixelSize: Theme.small * 0.85
                    }
                }
            }
        }
    }

    Column {
        id: comfort
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        spacing: 16

        component Choices: Flow {
            id: choices
            property var keys: []

            width: comfort.width
            spacing: 16

            Repeater {
                model: choices.keys.length

                CounterKey {
                    required property int index
                    told: choices.keys[index] ?? ({})
                    size: Theme.small * 0.9
                }
            }
        }

        Choices {
            keys: screen.switches
        }

        Choices {
            keys: screen.languages
        }
    }
}
