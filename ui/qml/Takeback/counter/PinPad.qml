pragma ComponentBehavior: Bound

import QtQuick
import Takeback

// Ten digits as on a telephone, left to right in every language; erase and go on beside the zero.
Item {
    id: pad

    property string erase: ""
    property var submit: ({})
    readonly property var digits: ["1", "2", "3", "4", "5", "6", "7", "8", "9"]
    readonly property real cell: (width - 2 * Theme.gap) / 3
    readonly property real high: Math.max(Theme.target, Math.min(140, (height - 3 * Theme.gap) / 4))

    implicitWidth: 3 * 190 + 2 * Theme.gap
    implicitHeight: 4 * Theme.target + 3 * Theme.gap
    LayoutMirroring.enabled: false
    LayoutMirroring.childrenInherit: true

    component Digit: Key {
        id: digit

        width: pad.cell
        height: pad.high
        radius: 28
        edge: Theme.outline
        onActivated: Core.type(label)

        Text {
            anchors.centerIn: parent
            text: digit.label
            color: Theme.ink
            font.pixelSize: 60
            font.weight: Font.DemiBold
            Accessible.ignored: true
        }
    }

    Repeater {
        model: 9

        Digit {
            required property int index

            x: (index % 3) * (pad.cell + Theme.gap)
            y: Math.floor(index / 3) * (pad.high + Theme.gap)
            label: pad.digits[index]
        }
    }

    Key {
        y: 3 * (pad.high + Theme.gap)
        width: pad.cell
        height: pad.high
        radius: 28
        label: pad.erase
        edge: Theme.outline
        onActivated: Core.press("erase")

        Icon {
            anchors.centerIn: parent
            size: 56
            drawing: "erase"
            turns: false
        }
    }

    Digit {
        x: pad.cell + Theme.gap
        y: 3 * (pad.high + Theme.gap)
        label: "0"
    }

    Key {
        x: 2 * (pad.cell + Theme.gap)
        y: 3 * (pad.high + Theme.gap)
        width: pad.cell
        height: pad.high
        radius: 28
        label: pad.submit.label ?? ""
        enabled: pad.submit.enabled ?? false
        ground: Theme.accent
        edge: "transparent"
        onActivated: Core.send(pad.submit.action, pad.submit.value)

        Icon {
            anchors.centerIn: parent
            size: 60
            drawing: "check"
            role: "inkOnAccent"
        }
    }
}
