pragma ComponentBehavior: Bound

import QtQuick
import Takeback

// A code as it is typed: one place a character, left to right in every language.
Item {
    id: code

    property var cells: []
    property int cursor: 0
    property string prefix: ""      // printed before the first place, not typed
    property list<int> groups: []   // places before which the eye rests
    property string spoken: ""
    readonly property real gap: cells.length > 8 ? 10 : 16
    readonly property real rest: 32
    readonly property real before: prefix === "" ? 0 : lead.implicitWidth + rest
    readonly property real cell: (width - before - (cells.length - 1) * gap - groups.length * rest) / Math.max(1, cells.length)

    LayoutMirroring.enabled: false
    LayoutMirroring.childrenInherit: true
    Accessible.role: Accessible.EditableText
    Accessible.name: spoken

    function place(index: int): real {
        const rests = groups.filter(start => index >= start).length;
        return before + index * (cell + gap) + rests * rest;
    }

    Text {
        id: lead
        anchors.verticalCenter: parent.verticalCenter
        text: code.prefix
        visible: text !== ""
        color: Theme.muted
        font.pixelSize: 56
        font.weight: Font.Bold
        Accessible.ignored: true
    }

    Repeater {
        model: code.cells.length

        Rectangle {
            id: cell
            required property int index
            readonly property bool next: index === code.cursor

            x: code.place(index)
            anchors.verticalCenter: parent?.verticalCenter
            width: code.cell
            height: Math.min(code.height, 160)
            radius: Math.min(24, width * 0.28)
            color: Theme.card
            border.width: next ? 7 : Theme.stroke
            border.color: next ? Theme.accent : Theme.outline

            Text {
                anchors.centerIn: parent
                text: (code.cells[cell.index] ?? "").trim()
                color: Theme.ink
                font.pixelSize: Math.min(72, code.cell * 0.72)
                font.weight: Font.Bold
                Accessible.ignored: true
            }
        }
    }
}
