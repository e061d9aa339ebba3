pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback

// Eight places, four and four, and the letters that a code may hold.
Stage {
    id: screen

    readonly property var cells: props.cells
    readonly property bool full: props.cursor >= cells.length

    needs: 120 + (Theme.landscape ? 1 : 2) * Theme.space + pad.implicitHeight

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.space

        Item {
            id: code
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.minimumHeight: 120
            Layout.maximumHeight: Theme.lowReach ? 10000 : 240
            LayoutMirroring.enabled: false
            LayoutMirroring.childrenInherit: true
            Accessible.role: Accessible.EditableText
            Accessible.name: screen.props.spoken

            Row {
                anchors.centerIn: parent
                spacing: 16

                Repeater {
                    model: screen.cells.length

                    Rectangle {
                        id: cell
                        required property int index
                        readonly property bool next: index === screen.props.cursor

                        width: (code.width - 7 * 16 - 32) / 8 + (index === 4 ? 32 : 0)
                        height: Math.min(code.height, 160)
                        color: "transparent"

                        Rectangle {
                            anchors.right: parent.right
                            width: (code.width - 7 * 16 - 32) / 8
                            height: parent.height
                            radius: 24
                            color: Theme.card
                            border.width: cell.next ? 7 : Theme.stroke
                            border.color: cell.next ? Theme.accent : Theme.outline

                            Text {
                                anchors.centerIn: parent
                                text: screen.cells[cell.index].trim()
                                color: Theme.ink
                                font.pixelSize: 72
                                font.weight: Font.Bold
                                Accessible.ignored: true
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
            columns: Theme.landscape ? 9 : 7
            full: screen.full
        }

        Item {
            Layout.fillHeight: true
            Layout.preferredHeight: 0
            visible: !Theme.lowReach && !Theme.landscape
        }
    }
}
