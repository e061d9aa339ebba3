import QtQuick
import QtQuick.Layouts
import Takeback

// Both counts of a delivery, said plainly; beside them what the driver's app reads.
Stage {
    id: screen

    needs: Math.max(counts.implicitHeight, 360)

    RowLayout {
        anchors.fill: parent
        spacing: 2 * Theme.space

        ColumnLayout {
            id: counts
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignTop
            spacing: Theme.space

            Figures {
                Layout.fillWidth: true
                size: 120
                figures: screen.props.figures ?? []
            }

            Copy {
                Layout.fillWidth: true
                visible: text !== ""
                text: screen.props.sentence ?? ""
                color: Theme.role(screen.props.tone ?? "ink")
                strong: true
                leading: 1.1
                font.pixelSize: Theme.body
            }
        }

        CodeBand {
            Layout.alignment: Qt.AlignTop
            Layout.preferredWidth: Math.min(560, screen.height)
            Layout.preferredHeight: Math.min(560, screen.height)
            visible: code !== ""
            code: screen.props.code ?? ""
            label: screen.props.codeLabel ?? ""
        }
    }
}
