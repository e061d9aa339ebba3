pragma ComponentBehavior: Bound

import QtQuick
import Takeback

// Rows of keys for a note, an id or a code, as ui/counter/keyboards has them for each language. Left
// to right in all of them: so stand the keys of an Arabic keyboard too.
Item {
    id: board

    property var rows: []
    property string space: ""
    property string erase: ""
    property var submit: ({})
    readonly property int widest: rows.reduce((most, row) => Math.max(most, row.length), 1)
    readonly property real gap: 12
    readonly property real cell: (width - (widest - 1) * gap) / widest
    readonly property real high: Math.max(96, Math.min(112, (height - rows.length * gap) / (rows.length + 1)))

    implicitHeight: (rows.length + 1) * (96 + gap) - gap
    LayoutMirroring.enabled: false
    LayoutMirroring.childrenInherit: true

    Repeater {
        model: board.rows.length

        Item {
            id: line
            required property int index
            readonly property var letters: board.rows[index] ?? []

            y: index * (board.high + board.gap)
            width: board.width
            height: board.high

            Repeater {
                model: line.letters.length

                Key {
                    id: letter
                    required property int index
                    readonly property real across: (line.width - line.letters.length * board.cell - (line.letters.length - 1) * board.gap) / 2

                    x: across + index * (board.cell + board.gap)
                    width: board.cell
                    height: board.high
                    radius: 22
                    label: line.letters[index] ?? ""
                    edge: Theme.outline
                    onActivated: Core.type(label)

                    Text {
                        anchors.centerIn: parent
                        text: letter.label
                        color: Theme.ink
                        font.pixelSize: Theme.arabic.test(letter.label) ? 40 : 48
                        font.weight: Font.DemiBold
                        Accessible.ignored: true
                    }
                }
            }
        }
    }

    Row {
        y: board.rows.length * (board.high + board.gap)
        anchors.left: parent.left
        anchors.right: parent.right
        height: board.high
        spacing: board.gap

        Key {
            id: rubber
            width: parent.width * 0.22
            height: parent.height
            radius: 22
            label: board.erase
            ground: Theme.soft
            edge: Theme.outline
            onActivated: Core.press("erase")

            Icon {
                anchors.centerIn: parent
                size: 52
                drawing: "erase"
                role: "inkOnSoft"
            }
        }

        Key {
            width: parent.width - rubber.width - go.width - 2 * board.gap
            height: parent.height
            radius: 22
            label: board.space
            edge: Theme.outline
            onActivated: Core.type(" ")

            KeyLabel {
                anchors.centerIn: parent
                text: board.space
                color: Theme.muted
                size: 34
            }
        }

        CounterKey {
            id: go
            width: parent.width * 0.3
            height: parent.height
            radius: 22
            told: board.submit
        }
    }
}
