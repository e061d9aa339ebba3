import QtQuick
import Takeback

// One item: what it is, what happens to it, what comes back. A touch says "not brought".
// Laid out by hand: a card on another page must know its height without being shown.
Key {
    id: card

    property var told: ({})
    property bool touchable: told.enabled ?? false
    readonly property bool brought: told.present ?? true
    readonly property string tone: told.tone ?? "muted"
    readonly property bool ticked: touchable && brought
    readonly property bool tight: (told.name ?? "").length > 34 || Theme.largeText
    // Never `visible` in these: it is false for a card on another page.
    readonly property bool pictured: !(Theme.largeText && Theme.landscape)
    readonly property real start: 28 + (touchable ? 60 + 28 : 0) + (pictured ? tile.width + 28 : 0)
    readonly property real wordWidth: width - start - 32
    readonly property real amountWidth: amount.text === "" ? 0 : amount.implicitWidth + 24
    readonly property real noteHeight: Math.max(note.height, tight && amount.text !== "" ? amount.height : 0)
    readonly property real wordsHeight: name.height + (note.text !== "" ? 6 + noteHeight : 0) + (detail.text !== "" ? 6 + detail.height : 0)

    implicitHeight: Math.max(Theme.target + 48, wordsHeight + 44)
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

    Rectangle {
        id: tick
        anchors.left: parent.left
        anchors.leftMargin: 28
        anchors.verticalCenter: parent.verticalCenter
        visible: card.touchable
        width: 60
        height: 60
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
        id: tile
        anchors.left: parent.left
        anchors.leftMargin: card.touchable ? 116 : 28
        anchors.verticalCenter: parent.verticalCenter
        visible: card.pictured
        width: 116
        height: 116
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

    Item {
        id: words
        anchors.left: parent.left
        anchors.leftMargin: card.start
        anchors.verticalCenter: parent.verticalCenter
        width: card.wordWidth
        height: card.wordsHeight

        Copy {
            id: name
            anchors.left: parent.left
            width: parent.width - (card.tight ? 0 : card.amountWidth)
            text: (card.told.name ?? "") + (card.told.quantity ? " · " + card.told.quantity : "")
            strong: true
            font.pixelSize: card.tight ? Math.min(Theme.small * 1.1, 50) : Theme.body * 0.9
            font.strikeout: !card.brought
            maximumLineCount: 4
            elide: Text.ElideRight
            color: card.brought ? Theme.ink : Theme.muted
            Accessible.ignored: true
        }

        Icon {
            id: sign
            anchors.left: parent.left
            y: name.height + 6 + 2
            visible: note.visible
            size: 36 * (Theme.largeText ? 1.3 : 1)
            drawing: card.told.icon ?? ""
            role: card.tone
        }

        Copy {
            id: note
            anchors.left: sign.right
            anchors.leftMargin: 12
            y: name.height + 6
            width: parent.width - sign.width - 12 - card.amountWidth
            visible: text !== ""
            text: card.told.note ?? ""
            strong: true
            font.pixelSize: Theme.small
            color: Theme.toned(card.tone)
            Accessible.ignored: true
        }

        Copy {
            id: detail
            anchors.left: parent.left
            y: note.y + card.noteHeight + 6
            width: parent.width
            visible: text !== ""
            text: card.told.detail ?? ""
            font.pixelSize: Theme.small
            color: Theme.muted
            Accessible.ignored: true
        }

        Copy {
            id: amount
            anchors.right: parent.right
            y: card.tight ? note.y : (note.y + note.height - height) / 2
            text: card.told.amount ?? ""
            strong: true
            wrapMode: Text.NoWrap
            font.pixelSize: Math.min(Theme.body * 1.1, 54)
            horizontalAlignment: Text.AlignRight
            Accessible.ignored: true
        }
    }
}
