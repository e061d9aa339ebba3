pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback

// Large text, contrast, low reach and language: each one touch, seen at once.
Sheet {
    id: sheet

    property var comfort: ({})
    property var languages: []
    property string language: ""
    readonly property var switches: comfort.switches ?? []

    signal closed

    innerHeight: column.implicitHeight
    Accessible.name: comfort.title ?? ""
    onEnabledChanged: if (enabled)
        ready.forceActiveFocus()

    ColumnLayout {
        id: column
        x: Theme.margin
        y: Theme.margin
        width: parent.width - 2 * Theme.margin
        spacing: Theme.gap

        Headline {
            Layout.fillWidth: true
            size: Theme.title
            room: 180
            text: sheet.comfort.title ?? ""
        }

        GridLayout {
            Layout.fillWidth: true
            columns: Theme.landscape ? 3 : 1
            columnSpacing: Theme.gap
            rowSpacing: Theme.gap

            Repeater {
                model: sheet.switches.length

                SecondaryButton {
                    id: choice
                    required property int index
                    readonly property var told: sheet.switches[index] ?? ({})

                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    Layout.preferredWidth: 1000
                    label: told.label ?? ""
                    icon: told.on ? "check" : (told.icon ?? "")
                    on: told.on ?? false
                    edge: on ? Theme.accent : Theme.outline
                    edgeWidth: on ? 6 : Theme.stroke
                    Accessible.role: Accessible.CheckBox
                    Accessible.checkable: true
                    Accessible.checked: on
                    Accessible.description: on ? sheet.comfort.on : sheet.comfort.off
                    onActivated: Core.send("press", told.value)
                }
            }
        }

        LanguageBar {
            Layout.fillWidth: true
            languages: sheet.languages
            current: sheet.language
        }

        BigButton {
            id: ready
            Layout.fillWidth: true
            label: sheet.comfort.close ?? ""
            icon: "check"
            onActivated: sheet.closed()
        }
    }
}
