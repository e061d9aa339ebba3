pragma ComponentBehavior: Bound

import QtQuick
import Takeback

// The keys of a screen, always at the same place: the first one lowest, where the hand is.
Column {
    id: column

    property var keys: []

    spacing: Theme.gap

    Repeater {
        model: column.keys.length

        CounterKey {
            required property int index

            width: column.width
            told: column.keys[index] ?? ({})
            height: Math.max(main ? 150 : 0, implicitHeight)
        }
    }
}
