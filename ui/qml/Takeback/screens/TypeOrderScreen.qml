pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback

// Order number, then postal code, with letters and digits.
Stage {
    id: screen

    needs: fields.implicitHeight + (Theme.landscape ? 1 : 2) * Theme.space + pad.implicitHeight

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.space

        Item {
            Layout.fillHeight: Theme.lowReach
            Layout.preferredHeight: 0
            visible: Theme.lowReach && !Theme.landscape
        }

        RowLayout {
            id: fields
            Layout.fillWidth: true
            spacing: Theme.gap

            Repeater {
                model: screen.props.fields.length

                Key {
                    id: entry
                    required property int index
                    readonly property var told: screen.props.fields[index] ?? ({})
                    readonly property bool active: told.active ?? false

                    Layout.fillWidth: true
                    Layout.preferredWidth: active ? 1400 : 1000
                    implicitHeight: inside.implicitHeight + 40
                    label: told.label + ", " + told.text
                    edge: active ? Theme.accent : Theme.outline
                    edgeWidth: active ? 7 : Theme.stroke
                    Accessible.role: Accessible.EditableText
                    onActivated: Core.send(told.action, told.value)

                    ColumnLayout {
                        id: inside
                        anchors.left: parent.left
                        anchors.right: parent.right
                        anchors.verticalCenter: parent.verticalCenter
                        anchors.margins: 28
                        spacing: 4

                        Copy {
                            Layout.fillWidth: true
                            text: entry.told.label ?? ""
                            font.pixelSize: Math.min(Theme.small, 40)
                            color: entry.active ? Theme.accent : Theme.muted
                            strong: entry.active
                            Accessible.ignored: true
                        }

                        // Codes run from left to right in every language: the caret stays behind them.
                        RowLayout {
                            spacing: 6
                            Layout.preferredHeight: 72
                            LayoutMirroring.enabled: false
                            LayoutMirroring.childrenInherit: true

                            Item {
                                Layout.fillWidth: true
                                visible: Theme.rightToLeft
                            }

                            Copy {
                                Layout.fillWidth: true
                                Layout.maximumWidth: implicitWidth + 1
                                text: entry.told.text ?? ""
                                strong: true
                                font.pixelSize: 52
                                wrapMode: Text.NoWrap
                                elide: Text.ElideLeft
                                Accessible.ignored: true
                            }

                            Rectangle {
                                implicitWidth: 5
                                implicitHeight: 56
                                color: Theme.accent
                                visible: entry.active
                            }

                            Item {
                                Layout.fillWidth: true
                                visible: !Theme.rightToLeft
                            }
                        }
                    }
                }
            }
        }

        Keypad {
            id: pad
            Layout.fillWidth: true
            Layout.preferredHeight: rows * 116 + (rows - 1) * Theme.gap
            Layout.fillHeight: true
            Layout.maximumHeight: Theme.landscape ? 10000 : rows * 116 + (rows - 1) * Theme.gap
            Layout.minimumHeight: implicitHeight
            letters: screen.props.keys
            erase: screen.props.erase
            columns: Theme.landscape ? 10 : 8
        }

        Item {
            Layout.fillHeight: true
            Layout.preferredHeight: 0
            visible: !Theme.lowReach && !Theme.landscape
        }
    }
}
