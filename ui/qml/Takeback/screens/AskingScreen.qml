import QtQuick
import QtQuick.Layouts
import Takeback

// One question, two to four large answers.
Stage {
    id: screen

    readonly property var answers: props.answers
    readonly property bool spacious: height > 900 && !Theme.lowReach

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.gap

        ItemCard {
            Layout.fillWidth: true
            told: screen.props.line
            touchable: false
        }

        Hero {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.maximumHeight: 420
            visible: screen.spacious && !Theme.largeText
            design: Qt.size(620, 520)
            most: 0.9

            Art {
                width: 620
                height: 520
                drawing: "ask"
            }
        }

        Item {
            Layout.fillHeight: true
            visible: Theme.lowReach
        }

        GridLayout {
            Layout.fillWidth: true
            Layout.fillHeight: !Theme.lowReach
            Layout.maximumHeight: 4 * 168 + 3 * Theme.gap
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
                    Layout.maximumHeight: 200 * (Theme.largeText ? 1.3 : 1)
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

                        Copy {
                            id: word
                            Layout.fillWidth: true
                            text: way.label
                            strong: true
                            font.pixelSize: 48 * Theme.enlarged
                            lineHeight: 1.05
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

        Item {
            Layout.fillHeight: true
            Layout.preferredHeight: 0
            visible: !Theme.lowReach
        }
    }
}
