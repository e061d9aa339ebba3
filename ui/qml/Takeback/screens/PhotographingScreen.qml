import QtQuick
import QtQuick.Layouts
import Takeback
import Takeback.Native

// The frame shows what is kept: the live picture, then the photograph. The key below takes it.
Stage {
    id: screen

    readonly property bool taken: props.photo !== ""

    needs: 320 + said.implicitHeight + Theme.gap

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.gap

        Item {
            Layout.fillWidth: true
            Layout.fillHeight: true

            Rectangle {
                id: frame

                // A square, as the photograph is.
                readonly property real side: Math.min(parent.width, parent.height)

                anchors.centerIn: parent
                width: side
                height: side
                radius: 40
                color: Theme.panel
                Accessible.role: Accessible.Graphic
                Accessible.name: screen.props.seen

                Icon {
                    anchors.centerIn: parent
                    visible: !screen.taken && !live.live
                    size: 160
                    drawing: "camera"
                    role: "muted"
                }

                CameraView {
                    id: live
                    anchors.fill: parent
                    visible: !screen.taken
                    radius: frame.radius
                    source: Core.bridge?.camera ?? null
                }

                StillView {
                    anchors.fill: parent
                    visible: screen.taken
                    radius: frame.radius
                    picture: screen.props.photo
                }

                Rectangle {
                    anchors.fill: parent
                    radius: frame.radius
                    color: "transparent"
                    border.width: 10
                    border.color: Theme.accent
                }
            }
        }

        ColumnLayout {
            id: said
            Layout.fillWidth: true
            spacing: 4

            Copy {
                Layout.fillWidth: true
                visible: text !== ""
                text: screen.props.count
                strong: true
                horizontalAlignment: Text.AlignHCenter
            }

            Copy {
                Layout.fillWidth: true
                text: screen.props.kept.join(" ")
                font.pixelSize: Theme.small
                color: Theme.muted
                horizontalAlignment: Text.AlignHCenter
            }
        }
    }
}
