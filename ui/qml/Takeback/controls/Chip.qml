import QtQuick
import Takeback

// One of a few short choices in a row; the current one is filled.
Key {
    id: chip

    property bool current: false

    implicitHeight: Theme.target + 8
    implicitWidth: Math.max(Theme.target, word.implicitWidth + 48)
    radius: height / 2
    ground: current ? Theme.accent : Theme.card
    edge: current ? Theme.accent : Theme.outline
    Accessible.role: Accessible.RadioButton
    Accessible.checkable: true
    Accessible.checked: current

    Text {
        id: word
        anchors.centerIn: parent
        text: chip.label
        color: chip.current ? Theme.inkOnAccent : Theme.ink
        font.pixelSize: Theme.small
        font.weight: Font.DemiBold
        textFormat: Text.PlainText
        Accessible.ignored: true
    }
}
