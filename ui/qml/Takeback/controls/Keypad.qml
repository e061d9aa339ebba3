pragma ComponentBehavior: Bound

import QtQuick
import Takeback

// Our own keyboard. Keys stay left to right in every language: codes are written so.
Item {
    id: pad

    property var letters: []
    property string erase: ""
    property int columns: 8
    property bool full: false   // nothing more can be typed
    property var live: letters  // those that fit at this place
    readonly property int rows: Math.ceil((letters.length + 1) / columns)
    readonly property real cell: (width - (columns - 1) * Theme.gap) / columns
    readonly property real keyHeight: Math.max(Theme.target, Math.min(128, (height - (rows - 1) * Theme.gap) / rows))

    implicitHeight: rows * Theme.target + (rows - 1) * Theme.gap
    LayoutMirroring.enabled: false
    LayoutMirroring.childrenInherit: true

    function slot(index: int): Item {
        return index < letters.length ? keys.itemAt(index) : rubber;
    }

    // Arrow keys walk the grid; the last row may be shorter.
    function walk(from: int, key: int): bool {
        const step = key === Qt.Key_Left ? -1 : key === Qt.Key_Right ? 1 : key === Qt.Key_Up ? -columns : key === Qt.Key_Down ? columns : 0;
        let to = from + step;
        if (step === columns && to > letters.length && Math.floor(from / columns) < rows - 1)
            to = letters.length;
        if (step === 0 || to < 0 || to > letters.length)
            return false;
        slot(to).forceActiveFocus(Qt.TabFocusReason);
        return true;
    }

    Repeater {
        id: keys
        model: pad.letters.length

        Key {
            id: letterKey
            required property int index

            x: (index % pad.columns) * (pad.cell + Theme.gap)
            y: Math.floor(index / pad.columns) * (pad.keyHeight + Theme.gap)
            width: pad.cell
            height: pad.keyHeight
            radius: 24
            label: pad.letters[index] ?? ""
            edge: Theme.outline
            enabled: !pad.full && pad.live.includes(label)
            onActivated: Core.type(label)
            Keys.onPressed: event => {
                Theme.keys = true;
                if (pad.walk(index, event.key))
                    event.accepted = true;
            }

            Text {
                anchors.centerIn: parent
                text: letterKey.label
                color: Theme.ink
                font.pixelSize: Math.min(52 * Theme.enlarged, 68)
                font.weight: Font.DemiBold
                Accessible.ignored: true
            }
        }
    }

    Key {
        id: rubber
        readonly property int slot: pad.letters.length

        x: (slot % pad.columns) * (pad.cell + Theme.gap)
        y: Math.floor(slot / pad.columns) * (pad.keyHeight + Theme.gap)
        width: pad.width - x
        height: pad.keyHeight
        radius: 24
        label: pad.erase
        ground: Theme.soft
        edge: Theme.outline
        onActivated: Core.press("erase")
        Keys.onPressed: event => {
            Theme.keys = true;
            if (pad.walk(slot, event.key))
                event.accepted = true;
        }

        Icon {
            anchors.centerIn: parent
            LayoutMirroring.enabled: false
            turns: false
            size: 56
            drawing: "erase"
            role: "inkOnSoft"
        }
    }
}
