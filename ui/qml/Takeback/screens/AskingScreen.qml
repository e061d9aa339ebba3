pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback

// One question, two to four large answers.
Stage {
    id: screen

    readonly property var answers: props.answers
    readonly property bool priced: answers.some(answer => answer.amount)
    readonly property bool about: (props.line.id ?? "") !== ""
    readonly property real cardHeight: about ? card.implicitHeight + Theme.gap : 0
    readonly property real spare: height - cardHeight - choice.needed - Theme.gap

    needs: cardHeight + choice.implicitHeight

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.gap

        ItemCard {
            id: card
            Layout.fillWidth: true
            visible: screen.about
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
            // All keys alike, however many words one of them has.
            readonly property real tallest: {
                let most = 0;
                for (let i = 0; i < ways.count; i++)
                    most = Math.max(most, ways.itemAt(i)?.implicitHeight ?? 0);
                return most;
            }
            readonly property int rowsNeeded: Math.ceil(screen.answers.length / columns)
            readonly property real needed: Math.max(implicitHeight, rowsNeeded * 144 + (rowsNeeded - 1) * Theme.gap)

            Layout.fillWidth: true
            Layout.preferredHeight: Math.min(needed, screen.height - screen.cardHeight)
            // An amount needs the whole width beside its words.
            columns: Theme.landscape && screen.answers.length > 2 && !screen.priced ? 2 : 1
            columnSpacing: Theme.gap
            rowSpacing: Theme.gap

            Repeater {
                id: ways
                model: screen.answers.length

                Key {
                    id: way
                    required property int index
                    readonly property var told: screen.answers[index] ?? ({})

                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    Layout.preferredWidth: 1000
                    Layout.preferredHeight: choice.tallest
                    implicitHeight: Math.max(Theme.target + 20, said.implicitHeight + 44)
                    label: [told.label, told.amount, told.detail].filter(part => part).join(". ")
                    edge: Theme.accent
                    edgeWidth: 5
                    onActivated: Core.send(told.action, told.value)

                    RowLayout {
                        anchors.left: parent.left
                        anchors.right: parent.right
                        anchors.verticalCenter: parent.verticalCenter
                        anchors.margins: 36
                        spacing: 24

                        ColumnLayout {
                            id: said
                            Layout.fillWidth: true
                            spacing: 4

                            KeyLabel {
                                Layout.fillWidth: true
                                text: way.told.label ?? ""
                                size: 48 * Theme.enlarged
                                room: way.width - 72 - 24 - 60 - (sum.visible ? sum.implicitWidth + 24 : 0)
                            }

                            Copy {
                                Layout.fillWidth: true
                                visible: text !== ""
                                text: way.told.detail ?? ""
                                font.pixelSize: Theme.small
                                color: Theme.toned("positive")
                                Accessible.ignored: true
                            }
                        }

                        Copy {
                            id: sum
                            visible: text !== ""
                            text: way.told.amount ?? ""
                            strong: true
                            wrapMode: Text.NoWrap
                            font.pixelSize: Math.min(Theme.body * 1.1, 54)
                            Accessible.ignored: true
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
