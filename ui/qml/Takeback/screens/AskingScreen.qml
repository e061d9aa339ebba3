pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback

// One question, two to four large answers.
Stage {
    id: screen

    readonly property var answers: props.answers
    readonly property real spare: height - card.implicitHeight - choice.needed - 2 * Theme.gap

    needs: card.implicitHeight + choice.implicitHeight + Theme.gap

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.gap

        ItemCard {
            id: card
            Layout.fillWidth: true
            told: screen.props.line
            touchable: false
        }

        Hero {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: screen.spare > 240
            design: Qt.size(620, 520)

            Art {
                width: 620
                height: 520
                drawing: "ask"
            }
        }

        Item {
            Layout.fillHeight: true
            visible: screen.spare <= 240
        }

        GridLayout {
            id: choice
            readonly property int rowsNeeded: Math.ceil(screen.answers.length / columns)
            readonly property real needed: Math.max(implicitHeight, rowsNeeded * 144 + (rowsNeeded - 1) * Theme.gap)

            Layout.fillWidth: true
            Layout.preferredHeight: Math.min(needed, screen.height - card.implicitHeight - Theme.gap)
            columns: Theme.landscape && screen.answers.length > 2 ? 2 : 1
            columnSpacing: Theme.gap
            rowSpacing: Theme.gap

            Repeater {
                model: screen.answers.length

                Key {
                    id: way
                    required property int index
                    readonly property var told: screen.answers[index] ?? ({})

                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    Layout.preferredWidth: 1000
                    implicitHeight: Math.max(Theme.target + 20, word.implicitHeight + 44)
                    label: told.label ?? ""
                    edge: Theme.accent
                    edgeWidth: 5
                    onActivated: Core.send(told.action, told.value)

                    RowLayout {
                        anchors.left: parent.left
                        anchors.right: parent.right
                        anchors.verticalCenter: parent.verticalCenter
                        anchors.margins: 36
                        spacing: 24

                        KeyLabel {
                            id: word
                            Layout.fillWidth: true
                            text: way.label
                            size: 48 * Theme.enlarged
                            room: way.width - 72 - 24 - 60
                        }

                        Icon {
                            drawing: "forward"
                            role: "accent"
                        }
                    }
                }
            }
        }
    }
}
