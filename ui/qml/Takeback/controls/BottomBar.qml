import QtQuick
import QtQuick.Layouts
import Takeback

// Always there, always low: an easier screen, another language.
RowLayout {
    id: bar

    property var comfort: ({})
    property string languageName: ""
    property bool offersLanguage: true

    signal asked

    spacing: Theme.gap

    SecondaryButton {
        Layout.fillWidth: true
        Layout.fillHeight: true
        Layout.preferredWidth: 1000
        label: bar.comfort.label ?? ""
        icon: "ease"
        edge: Theme.highContrast ? Theme.outline : "transparent"
        ground: Theme.soft
        onActivated: bar.asked()
    }

    SecondaryButton {
        Layout.fillWidth: !iconOnly
        iconOnly: Theme.landscape
        Layout.fillHeight: true
        Layout.preferredWidth: iconOnly ? Theme.target + 24 : 1000
        visible: bar.offersLanguage
        label: bar.languageName
        icon: "globe"
        edge: Theme.highContrast ? Theme.outline : "transparent"
        ground: Theme.soft
        Accessible.description: bar.comfort.language ?? ""
        onActivated: bar.asked()
    }
}
