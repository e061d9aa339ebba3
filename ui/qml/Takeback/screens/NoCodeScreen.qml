pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback

// Three ways to go on, each as large as the others.
Stage {
    id: screen

    needs: ways.implicitHeight

    ColumnLayout {
        id: ways
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: Theme.lowReach ? undefined : parent.top
        anchors.bottom: Theme.lowReach ? parent.bottom : undefined
        height: Math.min(parent.height, Math.max(implicitHeight, Theme.lowReach ? 0 : Math.min(parent.height, 860)))
        spacing: Theme.gap

        Repeater {
            model: screen.props.options.length

            Key {
                id: way
                required property int index
                readonly property var told: screen.props.options[index] ?? ({})

                Layout.fillWidth: true
                Layout.fillHeight: true
                implicitHeight: Math.max(Theme.target + 32, row.implicitHeight + 48)
                label: told.label ?? ""
                Accessible.description: told.detail ?? ""
                edge: Theme.outline
                onActivated: Core.send(told.action, told.value)

                RowLayout {
                    id: row
                    anchors.left: parent.left
                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                    anchors.margins: 36
                    spacing: 36

                    Rectangle {
                        implicitWidth: 120
                        implicitHeight: 120
                        radius: 60
                        color: Theme.soft

                        Icon {
                            anchors.centerIn: parent
                            size: 68
                            drawing: way.told.icon ?? ""
                            role: "inkOnSoft"
                        }
                    }

                    ColumnLayout {
                        Layout.fillWidth: true
                        spacing: 4

                        Copy {
                            Layout.fillWidth: true
                            text: way.label
                            strong: true
                            font.pixelSize: 48 * Theme.enlarged
                            leading: 1.05
                            Accessible.ignored: true
                        }

                        Copy {
                            Layout.fillWidth: true
                            text: way.told.detail ?? ""
                            font.pixelSize: Theme.small
                            color: Theme.muted
                            Accessible.ignored: true
                        }
                    }

                    Icon {
                        drawing: "forward"
                    }
                }
            }
        }
    }
}
