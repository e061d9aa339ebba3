import QtQuick
import QtQuick.Layouts
import Takeback

// A customer's parcel was taken: their number, and a code to photograph.
Stage {
    id: screen

    needs: Math.max(told.implicitHeight, 420)

    ColumnLayout {
        id: told
        anchors.left: parent.left
        anchors.right: code.left
        anchors.rightMargin: 2 * Theme.space
        anchors.verticalCenter: parent.verticalCenter
        spacing: 8

        Icon {
            size: 130
            drawing: screen.props.care ? "warning" : "check"
            role: screen.props.care ? "caution" : "positive"
        }

        Copy {
            Layout.fillWidth: true
            Layout.topMargin: 16
            text: screen.props.numberLabel ?? ""
            color: Theme.muted
            font.pixelSize: Theme.small
        }

        Text {
            Layout.fillWidth: true
            text: screen.props.number ?? ""
            color: Theme.ink
            textFormat: Text.PlainText
            font.pixelSize: 120
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: 48
            font.weight: Font.Bold
            font.features: {
                "tnum": 1
            }
            horizontalAlignment: Text.AlignLeft
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }

        Text {
            Layout.fillWidth: true
            text: screen.props.label ?? ""
            color: Theme.muted
            textFormat: Text.PlainText
            font.pixelSize: Theme.small
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: 24
            horizontalAlignment: Text.AlignLeft
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
    }

    CodeBand {
        id: code
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        code: screen.props.qr ?? ""
        label: screen.props.qrLabel ?? ""
    }
}
