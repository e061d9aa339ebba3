import QtQuick
import Takeback

// Asleep, not broken to look at: nothing can be promised at the moment.
Stage {
    Hero {
        anchors.fill: parent
        design: Qt.size(620, 540)
        most: 1.2

        Art {
            width: 620
            height: 520
            drawing: "closed"
        }
    }
}
