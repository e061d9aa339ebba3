pragma ComponentBehavior: Bound

import QtQuick
import Takeback

// Languages by their own names; rows of equal chips, as many rows as the names need.
Grid {
    id: bar

    property var languages: []
    property string current: ""
    readonly property real widest: {
        let most = Theme.target;
        for (let i = 0; i < chips.count; i++)
            most = Math.max(most, chips.itemAt(i)?.implicitWidth ?? 0);
        return most;
    }
    readonly property int fitting: Math.max(1, Math.floor((width + Theme.gap) / (widest - 24 + Theme.gap)))
    readonly property int rowsNeeded: Math.ceil(Math.max(1, chips.count) / fitting)

    spacing: Theme.gap
    columns: Math.max(1, Math.ceil(chips.count / rowsNeeded))

    Repeater {
        id: chips
        model: bar.languages.length

        Chip {
            required property int index
            readonly property var language: bar.languages[index]

            width: (bar.width - (bar.columns - 1) * Theme.gap) / bar.columns
            label: language.name
            current: language.code === bar.current
            onActivated: Core.send("language", language.code)
        }
    }
}
