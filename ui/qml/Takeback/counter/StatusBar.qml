pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback

// What works, in a quiet row; what wants a look stands out by colour and sign.
Item {
    id: bar

    property var items: []
    property string name: ""

    RowLayout {
        anchors.fill: parent
        spacing: 22

        Icon {
            size: 52
            drawing: "mark"
            role: "accent"
        }

        Text {
            text: Theme.brand
            visible: bar.items.length < 4
            color: Theme.ink
            font.pixelSize: 36
            font.weight: Font.Bold
            Accessible.ignored: true
        }

        // As large as there is room for it: what is wrong is never cut off.
        Item {
            id: holder
            Layout.fillWidth: true
            Layout.fillHeight: true

            Row {
                id: row
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                spacing: 22
                scale: Math.min(1, holder.width / Math.max(1, implicitWidth))
                transformOrigin: Theme.rightToLeft ? Item.Left : Item.Right

                Repeater {
                    model: bar.items.length

                    Rectangle {
                        id: item
                        required property int index
                        readonly property var told: bar.items[index] ?? ({})
                        readonly property bool care: told.care ?? false

                        height: 60
                        width: inside.implicitWidth + (care ? 36 : 8)
                        radius: 30
                        color: care ? Theme.role("cautionSoft") : "transparent"
                        border.width: care && Theme.highContrast ? 3 : 0
                        border.color: Theme.role("caution")

                        Row {
                            id: inside
                            anchors.centerIn: parent
                            spacing: 12

                            Icon {
                                size: 36
                                anchors.verticalCenter: parent.verticalCenter
                                drawing: item.told.icon ?? ""
                                role: item.care ? "caution" : "muted"
                            }

                            Copy {
                                anchors.verticalCenter: parent.verticalCenter
                                text: item.told.text ?? ""
                                leading: 1
                                color: item.care ? Theme.role("caution") : Theme.muted
                                font.pixelSize: 26
                                strong: item.care
                                wrapMode: Text.NoWrap
                            }
                        }
                    }
                }
            }
        }

        Icon {
            size: 40
            visible: bar.name !== ""
            drawing: "badge"
            role: "ink"
        }

        // A long name grows smaller where much else has to be said.
        Copy {
            Layout.preferredWidth: Math.min(metrics.advanceWidth + 4, 370)
            visible: bar.name !== ""
            text: bar.name
            strong: true
            leading: 1
            font.pixelSize: Math.min(32, Math.floor(32 * 366 / Math.max(1, metrics.advanceWidth)))
            wrapMode: Text.NoWrap
        }
    }

    TextMetrics {
        id: metrics
        text: bar.name
        font.pixelSize: 32
        font.weight: Font.DemiBold
    }
}
