// A question before something is lost.

import { confirmBox } from "../lib/dialog.js";
import { W } from "../words.js";

export const sure = (question) => confirmBox({ no: W.ACT.cancel, danger: true, ...question });
