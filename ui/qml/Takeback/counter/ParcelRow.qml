import QtQuick
import QtQuick.Layouts
import Takeback

// One line of a list: a parcel, a bag, a container; with an action where it can be chosen.
Key {
    id: row

    property var told: ({})
    readonly property bool chosen: (told.action ?? "") !== ""
    readonly property bool quiet: told.quiet ?? false   // a line to read, in no frame
    readonly property string tone: told.tone ?? ""

    label: [told.carrier, told.number, told.text].filter(part => part).join(", ")
    implicitHeight: Math.max(Theme.target, inside.implicitHeight + 24)
    activeFocusOnTab: chosen
    ground: quiet ? "transparent" : Theme.card
    edge: quiet ? "transparent" : chosen ? Theme.outline : Theme.hairline
    faded: false
    Accessible.role: chosen ? Accessible.Button : Accessible.StaticText
    onActivated: if (chosen)
        Core.send(told.action, told.value)

    RowLayout {
        id: inside
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.margins: 28
        spacing: 24

        Icon {
            size: 44
            visible: drawing !== ""
            drawing: row.told.icon ?? ""
            role: row.tone !== "" ? row.tone : "muted"
        }

        Copy {
            text: row.told.carrier ?? ""
            visible: text !== ""
            strong: true
            leading: 1
            font.pixelSize: Theme.small
            wrapMode: Text.NoWrap
            Accessible.ignored: true
        }

        // A number is read from left to right in every language.
        Text {
            Layout.fillWidth: true
            Layout.maximumWidth: implicitWidth + 1
            Layout.minimumWidth: Math.min(implicitWidth, row.width * 0.5)
            text: row.told.number ?? ""
            visible: text !== ""
            color: Theme.ink
            textFormat: Text.PlainText
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: 22
            font.pixelSize: Theme.small
            font.weight: Font.Medium
            font.features: {
                "tnum": 1
            }
            Accessible.ignored: true
        }

        Copy {
            Layout.fillWidth: true
            text: row.told.text ?? ""
            color: row.tone !== "" ? Theme.role(row.tone) : Theme.muted
            leading: 1
            font.pixelSize: Math.max(28, Theme.small * 0.9)
            Accessible.ignored: true
        }

        Copy {
            text: row.told.place ?? ""
            visible: text !== ""
            strong: true
            leading: 1
            color: Theme.accent
            font.pixelSize: Theme.body
            wrapMode: Text.NoWrap
            Accessible.ignored: true
        }

        Icon {
            size: 40
            visible: row.chosen
            drawing: "forward"
            role: "muted"
        }
    }
}
