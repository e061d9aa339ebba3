import QtQuick
import QtQuick.Layouts
import Takeback

// One item: what it is, what happens to it, what comes back. A touch says "not brought".
Key {
    id: card

    property var told: ({})
    property bool touchable: told.enabled ?? false
    readonly property bool brought: told.present ?? true
    readonly property string tone: told.tone ?? "muted"
    readonly property bool ticked: touchable && brought

    implicitHeight: Math.max(Theme.target + 48, row.implicitHeight + 44)
    enabled: touchable
    faded: false
    ground: brought ? Theme.card : Theme.surface
    edge: ticked ? Theme.accent : Theme.hairline
    edgeWidth: ticked ? Theme.stroke + 1 : Theme.stroke
    label: told.spoken ?? ""
    Accessible.role: touchable ? Accessible.CheckBox : Accessible.ListItem
    Accessible.checkable: touchable
    Accessible.checked: brought
    onActivated: Core.send(told.action, told.id)

    RowLayout {
        id: row
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.leftMargin: 28
        anchors.rightMargin: 32
        spacing: 28

        Rectangle {
            visible: card.touchable
            implicitWidth: 60
            implicitHeight: 60
            radius: 30
            color: card.ticked ? Theme.accent : "transparent"
            border.width: card.ticked ? 0 : 5
            border.color: Theme.outline

            Icon {
                anchors.centerIn: parent
                visible: card.ticked
                size: 40
                drawing: "check"
                role: "inkOnAccent"
            }
        }

        Rectangle {
            visible: !(Theme.largeText && Theme.landscape)
            implicitWidth: 116
            implicitHeight: 116
            radius: 28
            color: Theme.panel
            opacity: card.brought ? 1 : 0.45

            Art {
                anchors.centerIn: parent
                width: 96
                height: 96
                drawing: "item-" + (card.told.picture ?? "box")
            }
        }

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 6

            Copy {
                Layout.fillWidth: true
                text: (card.told.name ?? "") + (card.told.quantity ? " · " + card.told.quantity : "")
                strong: true
                font.pixelSize: Math.min(Theme.body, 52)
                font.strikeout: !card.brought
                maximumLineCount: 2
                elide: Text.ElideRight
                color: card.brought ? Theme.ink : Theme.muted
                Accessible.ignored: true
            }

            RowLayout {
                Layout.fillWidth: true
                spacing: 12

                Icon {
                    Layout.alignment: Qt.AlignTop
                    size: 36 * (Theme.largeText ? 1.3 : 1)
                    drawing: card.told.icon ?? ""
                    role: card.tone
                }

                Copy {
                    Layout.fillWidth: true
                    text: card.told.note ?? ""
                    font.pixelSize: Theme.small
                    font.weight: Font.DemiBold
                    color: Theme.toned(card.tone)
                    Accessible.ignored: true
                }
            }

            Copy {
                Layout.fillWidth: true
                visible: text !== ""
                text: card.told.detail ?? ""
                font.pixelSize: Theme.small
                color: Theme.muted
                Accessible.ignored: true
            }
        }

        Copy {
            Layout.maximumWidth: card.width * 0.3
            visible: text !== ""
            text: card.told.amount ?? ""
            strong: true
            font.pixelSize: Math.min(Theme.body * 1.1, 58)
            horizontalAlignment: Text.AlignRight
            Accessible.ignored: true
        }
    }
}
