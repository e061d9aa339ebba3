pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback

// The main action and the ways beside it: one above the other, or `inline` in one row.
GridLayout {
    id: actions

    property var primary: ({})
    property var secondary: []
    property bool inline: false
    readonly property bool main: (primary.label ?? "") !== ""

    columnSpacing: Theme.gap
    rowSpacing: Theme.gap

    BigButton {
        Layout.row: 0
        Layout.column: actions.inline ? actions.secondary.length : 0
        Layout.columnSpan: actions.inline ? 1 : Math.max(1, actions.secondary.length)
        Layout.fillWidth: true
        Layout.fillHeight: actions.inline
        visible: actions.main
        enabled: actions.primary.enabled ?? true
        label: actions.primary.label ?? ""
        icon: actions.primary.icon ?? ""
        quiet: actions.primary.quiet ?? false
        onActivated: Core.send(actions.primary.action, actions.primary.value)
    }

    Repeater {
        model: actions.secondary.length

        SecondaryButton {
            required property int index
            readonly property var way: actions.secondary[index] ?? ({})

            Layout.row: actions.inline ? 0 : 1
            Layout.column: index
            Layout.fillWidth: !(actions.inline && actions.main)
            Layout.fillHeight: actions.inline
            Layout.preferredWidth: actions.inline && actions.main ? actions.width * (actions.secondary.length > 1 ? 0.26 : 0.34) : 1000
            Layout.minimumWidth: Theme.target
            label: way.label ?? ""
            icon: way.icon ?? ""
            onActivated: Core.send(way.action, way.value)
        }
    }

    // Without other ways their row stays, so that the main action never moves.
    Item {
        Layout.row: 1
        Layout.column: 0
        Layout.fillWidth: true
        implicitHeight: Theme.target + 8
        visible: !actions.inline && actions.secondary.length === 0 && actions.main
    }
}
